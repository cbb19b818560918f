// Native code that is kept on disk is taken for nothing but what was put there.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "vm/jit/object_cache.hpp"

namespace interlock::vm::test {
namespace {

namespace fs = std::filesystem;

class ObjectCacheTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "interlock-cache-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
    }

    fs::path folder_;
    const Bytes code_{0x60, 0x01, 0x00}, compiled_{1, 2, 3, 4, 5, 6, 7};
    const Hash key_ = ObjectCache::key(code_, Fork::Cancun, 7, "compiler");
};

TEST_F(ObjectCacheTest, FindsWhatWasKept) {
    const ObjectCache cache(folder_ / "new");
    ASSERT_TRUE(cache.is_usable());
    EXPECT_FALSE(cache.find(key_));
    cache.keep(key_, compiled_);
    EXPECT_EQ(cache.find(key_), compiled_);
    EXPECT_EQ(ObjectCache(folder_ / "new").find(key_), compiled_);
    cache.keep(key_, {});
    EXPECT_EQ(cache.find(key_), Bytes{});
}

TEST_F(ObjectCacheTest, HasAnotherKeyForWhateverHasAPart) {
    const Bytes longer{0x60, 0x01, 0x00, 0x00};
    for (const Hash& other :
         {ObjectCache::key(longer, Fork::Cancun, 7, "compiler"), ObjectCache::key(code_, Fork::Prague, 7, "compiler"),
          ObjectCache::key(code_, Fork::Cancun, 8, "compiler"), ObjectCache::key(code_, Fork::Cancun, 7, "compiler 2")})
        EXPECT_NE(other, key_);
}

TEST_F(ObjectCacheTest, TakesNoDamagedFile) {
    const ObjectCache cache(folder_);
    cache.keep(key_, compiled_);
    ASSERT_EQ(files(), 1u);
    const fs::path file = fs::directory_iterator(folder_)->path();
    const std::uintmax_t size = fs::file_size(file);
    for (std::uintmax_t at = 0; at < size; ++at) {
        cache.keep(key_, compiled_);
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekg(static_cast<std::streamoff>(at));
        const int byte = stream.get();
        stream.seekp(static_cast<std::streamoff>(at));
        stream.put(static_cast<char>(byte ^ 1));
        stream.close();
        EXPECT_FALSE(cache.find(key_)) << at;
    }
    for (std::uintmax_t left = 0; left < size; ++left) {
        cache.keep(key_, compiled_);
        fs::resize_file(file, left);
        EXPECT_FALSE(cache.find(key_)) << left;
    }
}

TEST_F(ObjectCacheTest, IsNotUsedWhereOthersMayWriteOrLook) {
    ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
    const ObjectCache cache(folder_);
    EXPECT_FALSE(cache.is_usable());
    cache.keep(key_, compiled_);
    EXPECT_EQ(files(), 0u);
    ASSERT_EQ(chmod(folder_.c_str(), 0700), 0);
    ASSERT_EQ(symlink(folder_.c_str(), (folder_ / "link").c_str()), 0);
    EXPECT_FALSE(ObjectCache(folder_ / "link").is_usable());
    EXPECT_FALSE(ObjectCache("/nowhere/at/all").is_usable());
}

}  // namespace
}  // namespace interlock::vm::test
