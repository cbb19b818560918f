#include "tests/differential/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "vm/keccak.hpp"

namespace interlock::differential {

namespace fs = std::filesystem;

namespace {

const fs::path suite = fs::path(INTERLOCK_SOURCE_DIR) / "tests/differential";
const fs::path work = INTERLOCK_DIFFERENTIAL_WORK;

std::string quoted(const fs::path& path) { return fmt::format("'{}'", path.string()); }

bool succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

std::vector<fs::path> files_of(const char* folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(suite / folder))
        if (entry.path().extension() == ".sol") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

// Where the answers about a file are kept: by all that they depend on.
fs::path Oracle::answers_about(const fs::path& file, const Setup& setup) {
    const std::string content = read_file(setup.script) + read_file(setup.packages / "package-lock.json") + read_file(file);
    const vm::Hash hash = vm::keccak256({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()});
    return setup.work / fmt::format("{}-{}.json", file.stem().string(), vm::to_hex(vm::ByteView(hash).first(8)));
}

// Installs the packages into the build folder, unless they are there.
std::string Oracle::install(const Setup& setup) {
    if (!succeeds("command -v node >/dev/null && command -v npm >/dev/null"))
        return "node and npm are missing (apt-get install nodejs npm)";
    fs::create_directories(setup.work);
    const std::string lock = read_file(setup.packages / "package-lock.json");
    if (fs::exists(setup.work / "node_modules") && read_file(setup.work / "package-lock.json") == lock) return {};
    for (const char* name : {"package.json", "package-lock.json"})
        fs::copy_file(setup.packages / name, setup.work / name, fs::copy_options::overwrite_existing);
    const std::string log = quoted(setup.work / "npm.log");
    if (succeeds(fmt::format("cd {} && npm ci --ignore-scripts --no-audit --no-fund >{} 2>&1", quoted(setup.work), log)))
        return {};
    return fmt::format("npm could not install solc: see {}", log);
}

std::vector<fs::path> contract_files() { return files_of("contracts"); }

std::vector<fs::path> older_files() { return files_of("older/contracts"); }

std::vector<fs::path> tree_files() {
    std::vector<fs::path> files = files_of("contracts"), more = files_of("trees");
    files.insert(files.end(), more.begin(), more.end());
    return files;
}

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

const Oracle& Oracle::get() {
    static const Oracle oracle({suite / "compile.mjs", suite, work, tree_files()});
    return oracle;
}

const Oracle& Oracle::of_older() {
    static const Oracle oracle({suite / "older.mjs", suite / "older", work / "older", older_files()});
    return oracle;
}

Oracle::Oracle(const Setup& setup) {
    std::string command = fmt::format("node {} {}", quoted(setup.script), quoted(setup.work));
    bool is_complete = true;
    for (const fs::path& file : setup.files) {
        const fs::path answers = answers_about(file, setup);
        if (fs::exists(answers)) continue;
        command += fmt::format(" {} {}", quoted(file), quoted(answers));
        is_complete = false;
    }
    if (!is_complete) {
        why_absent_ = install(setup);
        if (!why_absent_.empty()) return;
        const std::string log = quoted(setup.work / "solc.log");
        if (!succeeds(fmt::format("{} >{} 2>&1", command, log))) {
            why_absent_ = fmt::format("solc could not be run: see {}", log);
            return;
        }
    }
    for (const fs::path& file : setup.files)
        answers_[file.filename().string()] = nlohmann::json::parse(read_file(answers_about(file, setup)));
}

std::optional<Oracle::Code> Oracle::code(const std::string& variant, const std::string& file,
                                         const std::string& contract) const {
    const auto& contracts = answers_.at(file).at(variant);
    if (!contracts.contains(contract)) return std::nullopt;
    const auto bytes = [&](const char* key) {
        return vm::parse_hex("0x" + contracts.at(contract).at(key).get<std::string>()).value_or(vm::Bytes{});
    };
    return Code{bytes("creation"), bytes("runtime"), contracts.at(contract).at("abi")};
}

std::string Oracle::error(const std::string& variant, const std::string& file) const {
    return answers_.at(file).at(variant).value("error", std::string());
}

const nlohmann::json& Oracle::tree(const std::string& file) const { return answers_.at(file).at("ast"); }

const nlohmann::json& Oracle::contracts(const std::string& file) const { return answers_.at(file).at("ir"); }

}  // namespace interlock::differential
