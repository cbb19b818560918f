#include "vm/jit/module.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "vm/jit/compiler/interface.hpp"
#include "vm/jit/native_code.hpp"
#include "vm/jit/object_cache.hpp"
#include "vm/keccak.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define INTERLOCK_LOOKS_FOR_LEAKS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INTERLOCK_LOOKS_FOR_LEAKS
#endif
#endif
#ifdef INTERLOCK_LOOKS_FOR_LEAKS
// LLVM is loaded while the program runs, so the C library allocates what LLVM keeps for each thread. If that happens to lie
// 16 bytes behind the beginning of a page, LeakSanitizer of LLVM 14 takes what is before it for a header of glibc 2.19, reads
// at the address that it finds there and dies: in one run of some hundreds.
extern "C" const char* __asan_default_options() { return "intercept_tls_get_addr=0"; }  // NOLINT: the sanitizer's name
#endif

namespace interlock::vm {
namespace {

constexpr const char* module_name = "libinterlock_jit.so";

struct Module {
    jit::Compile* compile = nullptr;
    std::string identity;  // of everything in it that has a part in what it makes
};

std::string identity_of(jit::Compile* compile, jit::Identify* identify) {
    Dl_info about{};
    if (dladdr(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(compile)), &about) == 0) return identify();
    std::ifstream file(about.dli_fname, std::ios::binary);
    const Bytes all{std::istreambuf_iterator<char>(file), {}};
    return to_hex(ByteView(keccak256(all))) + " " + identify();
}

template <class Function>
Function* function_in(void* module, const char* name) {
    return reinterpret_cast<Function*>(reinterpret_cast<std::uintptr_t>(dlsym(module, name)));
}

Module module_in(const char* path) {
    void* const handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return {};
    auto* const compile = function_in<jit::Compile>(handle, jit::compile_symbol);
    auto* const identify = function_in<jit::Identify>(handle, jit::identify_symbol);
    if (compile == nullptr || identify == nullptr) return {};
    return {compile, identity_of(compile, identify)};
}

// Looks beside the program, where it is installed, where it is built, and where the system's libraries are.
Module load() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* const place : {".", "../lib", "../lib/x86_64-linux-gnu", "../../lib", "../../lib/x86_64-linux-gnu",
                                    "../vm/jit", "../../vm/jit"}) {
        const std::filesystem::path path = program / place / module_name;
        if (!std::filesystem::exists(path, error)) continue;
        if (const Module found = module_in(path.c_str()); found.compile != nullptr) return found;
    }
    return module_in(module_name);
}

const Module& module() {
    static const Module loaded = load();
    return loaded;
}

void append(void* receiver, const void* bytes, std::size_t size) {
    const auto* const begin = static_cast<const std::uint8_t*>(bytes);
    auto& all = *static_cast<Bytes*>(receiver);
    all.insert(all.end(), begin, begin + size);
}

}  // namespace

bool has_native_compiler() { return module().compile != nullptr; }

Bytes compile_to_bytes(const Code& code, Fork fork, jit::Effort effort) {
    if (!has_native_compiler()) return {};
    const ObjectCache* const cache = ObjectCache::chosen();
    Hash key;
    if (cache != nullptr) {
        const std::string_view suffix = effort == jit::Effort::Little ? " little effort" : "";
        key = ObjectCache::key(code.bytes(), fork, jit::agreement(), module().identity + std::string(suffix));
        if (std::optional<Bytes> known = cache->find(key)) return *known;
    }
    Bytes compiled;
    if (module().compile(jit::agreement(), &code, static_cast<std::uint32_t>(fork), static_cast<std::uint32_t>(effort),
                         append, &compiled) == 0)
        compiled.clear();
    if (cache != nullptr) cache->keep(key, compiled);
    return compiled;
}

std::unique_ptr<NativeCode> compile_native(const Code& code, Fork fork, jit::Effort effort) {
    return std::make_unique<NativeCode>(fork, compile_to_bytes(code, fork, effort), code.size());
}

}  // namespace interlock::vm
