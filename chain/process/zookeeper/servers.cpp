#include "chain/process/zookeeper/servers.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "chain/process/connection.hpp"
#include "chain/process/node.hpp"
#include "chain/process/zookeeper/ordering_service.hpp"

namespace interlock::chain::process {

namespace {

namespace fs = std::filesystem;

constexpr const char *java = "/usr/bin/java", *jars = "/usr/share/java/zookeeper.jar";
constexpr consensus::Nanoseconds most_start_time = 60 * consensus::second;

// What the server and its log need beside it in Debian's package, whose jar does not name all of it.
std::string class_path(const std::string& folder) {
    std::string path = folder;
    for (const char* jar : {"zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-nop", "metrics-core", "snappy-java",
                            "netty-all", "jackson-core", "jackson-databind", "jackson-annotations", "commons-cli",
                            "jetty9-server", "jetty9-servlet", "jetty9-util"})
        if (const std::string file = std::string("/usr/share/java/") + jar + ".jar"; fs::exists(file)) path += ":" + file;
    return path;
}

}  // namespace

std::string ZooKeeperServers::what_is_missing() {
    if (access(java, X_OK) != 0) return "there is no java (Debian: default-jre-headless)";
    if (access(jars, R_OK) != 0) return "ZooKeeper's server is not installed (Debian: zookeeper)";
    std::string error;
    if (!open_zookeeper("", error) && !error.empty()) return error;
    return {};
}

ZooKeeperServers::ZooKeeperServers() {
    if (folder_.path().empty()) {
        error_ = "no folder can be made for ZooKeeper's files";
        return;
    }
    if (!write_settings()) {
        error_ = "ZooKeeper's settings cannot be written";
        return;
    }
    for (std::size_t server = 0; server < count; ++server) start(server);
    const consensus::Nanoseconds began = steady_time();
    for (std::size_t server = 0; server < count && error_.empty(); ++server)
        while (!serves(server)) {
            if (steady_time() - began > most_start_time) {
                error_ = "ZooKeeper's servers did not begin to serve in time";
                break;
            }
            usleep(50'000);
        }
}

// The ports are free now; they are let go so that the servers can take them.
bool ZooKeeperServers::write_settings() {
    std::vector<Listener> held;
    const auto free_port = [&held] {
        const std::optional<Listener> listener = listen_somewhere();
        if (listener) held.push_back(*listener);
        return listener ? listener->port : std::uint16_t{0};
    };
    for (Ports& ports : ports_) ports = {free_port(), free_port(), free_port()};
    for (const Listener& listener : held) close(listener.descriptor);
    bool is_written = held.size() == 3 * count;
    for (std::size_t server = 0; server < count; ++server) {
        const fs::path data = fs::path(folder_.path()) / std::to_string(server + 1);
        std::error_code failed;
        fs::create_directory(data, failed);
        std::ofstream(data / "myid") << server + 1 << "\n";
        std::ofstream settings(data / "zoo.cfg");
        settings << "tickTime=500\ninitLimit=20\nsyncLimit=10\nadmin.enableServer=false\n4lw.commands.whitelist=srvr\n"
                 << "dataDir=" << data.string() << "\nclientPort=" << ports_[server].client
                 << "\nclientPortAddress=127.0.0.1\n";
        for (std::size_t each = 0; each < count; ++each)
            settings << "server." << each + 1 << "=127.0.0.1:" << ports_[each].follow << ":" << ports_[each].elect << "\n";
        is_written &= !failed && settings.flush().good();
        addresses_ += (server == 0 ? "127.0.0.1:" : ",127.0.0.1:") + std::to_string(ports_[server].client);
    }
    return is_written;
}

void ZooKeeperServers::start(std::size_t server) {
    const std::string data = folder_.path() + "/" + std::to_string(server + 1);
    const std::string settings = data + "/zoo.cfg", path = class_path(data);
    const char* const arguments[] = {java,
                                     "-Xmx128m",
                                     "-XX:+UseSerialGC",
                                     "-XX:TieredStopAtLevel=1",
                                     "-Dzookeeper.jmx.log4j.disable=true",
                                     "-cp",
                                     path.c_str(),
                                     "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                                     settings.c_str(),
                                     nullptr};
    const bool runs = processes_.at(server).start([&] {
        const int log = open((data + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        (void)dup2(log, STDOUT_FILENO);
        (void)dup2(log, STDERR_FILENO);
        execv(java, const_cast<char* const*>(arguments));
        return 127;
    });
    if (!runs) error_ = "no process can be started";
}

// A server that has found its quorum says what it is: a leader or a follower.
bool ZooKeeperServers::serves(std::size_t server) const {
    std::optional<Connection> connection = Connection::open(ports_[server].client);
    if (!connection) return false;
    const int socket = connection->descriptor();
    pollfd polled{socket, POLLOUT, 0};
    if (poll(&polled, 1, 500) != 1 || ::send(socket, "srvr", 4, MSG_NOSIGNAL) != 4) return false;
    std::string answer;
    for (;;) {
        polled.events = POLLIN;
        char part[1024];
        if (poll(&polled, 1, 500) != 1) break;
        const ssize_t read = recv(socket, part, sizeof part, 0);
        if (read <= 0) break;
        answer.append(part, static_cast<std::size_t>(read));
    }
    return answer.find("Mode: ") != std::string::npos;
}

}  // namespace interlock::chain::process
