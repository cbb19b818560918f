// ObjectCache: what the compiler made, kept in a folder for later processes.
//
// What lies there is executed, so the folder must be the user's own and nobody else's (0700), and a file counts only if
// it carries the hash of its bytes. The folder may be emptied at any time.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "vm/bytes.hpp"
#include "vm/fork.hpp"

namespace interlock::vm {

class ObjectCache {
  public:
    // Creates the folder if it is not there. A folder that others may enter, or that is not this user's, holds nothing.
    explicit ObjectCache(const std::filesystem::path& folder);

    // The one that the environment variable INTERLOCK_JIT_CACHE names, or null.
    [[nodiscard]] static const ObjectCache* chosen();

    // A key is the code, the fork, and everything of the compiler that has a part in the result.
    [[nodiscard]] static Hash key(ByteView code, Fork fork, std::uint64_t agreement, std::string_view compiler);

    [[nodiscard]] bool is_usable() const { return is_usable_; }
    [[nodiscard]] std::optional<Bytes> find(const Hash& key) const;  // empty bytes: there is to be no native code
    void keep(const Hash& key, ByteView compiled) const;

  private:
    std::filesystem::path folder_;
    bool is_usable_ = false;
};

}  // namespace interlock::vm
