// ZooKeeper's C client behind OrderingService: a place is a node of its tree, and creating one that exists fails.
//
// The library is loaded when it is asked for, so that the program neither needs it nor its headers: what is declared here
// is the part of its binary interface that is used, as it has been since version 3.0.

#include <dlfcn.h>

#include <cstdio>
#include <deque>
#include <mutex>

#include "chain/process/zookeeper/ordering_service.hpp"

namespace interlock::chain::process {

namespace {

extern "C" {
struct Handle;  // zhandle_t
using Watcher = void(Handle*, int type, int state, const char* path, void* context);
using StringCompletion = void(int result, const char* value, const void* data);
using StatCompletion = void(int result, const void* stat, const void* data);
using DataCompletion = void(int result, const char* value, int length, const void* stat, const void* data);
}

constexpr int ok = 0;
constexpr int created_event = 1, expired_session = -112, silent = 0, session_timeout_ms = 4000;

struct Library {
    Handle* (*init)(const char* hosts, Watcher*, int timeout_ms, const void* client_id, void* context, int flags);
    int (*close)(Handle*);
    int (*create)(Handle*, const char* path, const char* value, int length, const void* acl, int flags, StringCompletion*,
                  const void* data);
    int (*exists)(Handle*, const char* path, Watcher*, void* context, StatCompletion*, const void* data);
    int (*get)(Handle*, const char* path, int watch, DataCompletion*, const void* data);
    void (*set_debug_level)(int level);
    const void* open_acl;  // anybody may do anything
};

template <class F>
bool find(void* library, const char* name, F& function) {
    function = reinterpret_cast<F>(dlsym(library, name));
    return function != nullptr;
}

const Library* loaded() {
    static const std::optional<Library> library = []() -> std::optional<Library> {
        void* file = dlopen("libzookeeper_mt.so.2", RTLD_NOW);
        Library found{};
        if (!file) return std::nullopt;
        const bool is_whole = find(file, "zookeeper_init", found.init) && find(file, "zookeeper_close", found.close) &&
                              find(file, "zoo_acreate", found.create) && find(file, "zoo_awexists", found.exists) &&
                              find(file, "zoo_aget", found.get) &&
                              find(file, "zoo_set_debug_level", found.set_debug_level) &&
                              find(file, "ZOO_OPEN_ACL_UNSAFE", found.open_acl);
        if (is_whole) found.set_debug_level(silent);
        return is_whole ? std::optional(found) : std::nullopt;
    }();
    return library ? &*library : nullptr;
}

// The library calls back from its own threads; all that they do is to note what has come.
class ZooKeeper final : public OrderingService {
  public:
    ZooKeeper(const Library& library, std::string servers) : library_(library), servers_(std::move(servers)) { connect(); }
    ~ZooKeeper() override {
        if (handle_) (void)library_.close(handle_);
    }
    ZooKeeper(const ZooKeeper&) = delete;
    ZooKeeper& operator=(const ZooKeeper&) = delete;

    void offer(std::uint64_t place, vm::ByteView content) override {
        renew_if_expired();
        if (!handle_) return;
        const char* bytes = reinterpret_cast<const char*>(content.data());
        (void)library_.create(handle_, path_of(place).c_str(), bytes, static_cast<int>(content.size()), library_.open_acl, 0,
                              was_created, this);
    }

    void ask(std::uint64_t place) override {
        renew_if_expired();
        if (!handle_) return;
        const auto* question = new Question{this, place};
        const std::string path = path_of(place);
        if (library_.exists(handle_, path.c_str(), was_changed, this, was_looked_for, question) != ok) delete question;
    }

    std::optional<Placed> take() override {
        const std::scoped_lock lock(mutex_);
        if (placed_.empty()) return std::nullopt;
        Placed first = std::move(placed_.front());
        placed_.pop_front();
        return first;
    }

  private:
    struct Question {
        ZooKeeper* service;
        std::uint64_t place;
    };

    static std::string path_of(std::uint64_t place) {
        char path[32];
        std::snprintf(path, sizeof path, "/interlock-%016llx", static_cast<unsigned long long>(place));
        return path;
    }
    static std::optional<std::uint64_t> place_of(const char* path) {
        unsigned long long place = 0;
        return path && std::sscanf(path, "/interlock-%16llx", &place) == 1 ? std::optional<std::uint64_t>(place)
                                                                           : std::nullopt;
    }

    void connect() {
        is_expired_ = false;
        handle_ = library_.init(servers_.c_str(), was_changed, session_timeout_ms, nullptr, this, 0);
    }

    void renew_if_expired() {
        {
            const std::scoped_lock lock(mutex_);
            if (!is_expired_ && handle_) return;
        }
        if (handle_) (void)library_.close(handle_);
        connect();
    }

    static void was_changed(Handle*, int type, int state, const char* path, void* context) {
        auto* self = static_cast<ZooKeeper*>(context);
        if (state == expired_session) {
            const std::scoped_lock lock(self->mutex_);
            self->is_expired_ = true;
        } else if (type == created_event) {
            if (const auto place = place_of(path)) self->get(*place);
        }
    }
    static void was_created(int, const char*, const void*) {}  // whether or not it was: `ask` will say
    static void was_looked_for(int result, const void*, const void* data) {
        const std::unique_ptr<const Question> question(static_cast<const Question*>(data));
        if (result == ok) question->service->get(question->place);
    }
    static void was_read(int result, const char* value, int length, const void*, const void* data) {
        const std::unique_ptr<const Question> question(static_cast<const Question*>(data));
        if (result != ok || length < 0) return;
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(value);
        const std::scoped_lock lock(question->service->mutex_);
        question->service->placed_.push_back({question->place, vm::Bytes(bytes, bytes + length)});
    }

    void get(std::uint64_t place) {
        const auto* question = new Question{this, place};
        if (library_.get(handle_, path_of(place).c_str(), 0, was_read, question) != ok) delete question;
    }

    const Library& library_;
    std::string servers_;
    Handle* handle_ = nullptr;
    std::mutex mutex_;
    bool is_expired_ = false;
    std::deque<Placed> placed_;
};

}  // namespace

std::unique_ptr<OrderingService> open_zookeeper(const std::string& servers, std::string& error) {
    const Library* library = loaded();
    if (library) return std::make_unique<ZooKeeper>(*library, servers);
    error = "the library libzookeeper_mt.so.2 is not installed (Debian: libzookeeper-mt2)";
    return nullptr;
}

}  // namespace interlock::chain::process
