// A message between nodes: bytes that never change, shared by everybody who receives them.
//
// Reading them is a function of the bytes alone, so that what was read is kept beside them: of six hundred receivers of a
// block only the first decodes it.
#pragma once

#include <memory>
#include <optional>

#include "chain/fingerprint.hpp"
#include "chain/rlp.hpp"

namespace interlock::chain::consensus {

class Codec;

// Tells messages apart; also a checksum against accidents, but not against liars.
[[nodiscard]] inline std::uint64_t digest_of(ByteView bytes) {
    FingerprintMixer mixer({0x452821e638d01377ULL, bytes.size()});
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        std::uint64_t piece = 0;
        for (std::size_t i = at; i < std::min(at + 8, bytes.size()); ++i) piece = piece << 8 | bytes[i];
        mixer.absorb(piece);
    }
    return mixer.finish().low;
}

class Message {
  public:
    explicit Message(Bytes bytes) : bytes_(std::move(bytes)), digest_(digest_of(bytes_)) {}

    [[nodiscard]] ByteView bytes() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] std::uint64_t digest() const { return digest_; }

    // Reads the message as a T, or returns null if it is malformed. All readers of one message must ask for the same T,
    // which has `static std::optional<T> read(ByteView, Codec&)`.
    template <class T>
    [[nodiscard]] const T* as(Codec& codec) const {
        if (!is_read_) {
            is_read_ = true;
            if (std::optional<T> read = T::read(bytes_, codec)) content_ = std::make_shared<const T>(*std::move(read));
        }
        return static_cast<const T*>(content_.get());
    }

  private:
    Bytes bytes_;
    std::uint64_t digest_;
    mutable bool is_read_ = false;
    mutable std::shared_ptr<const void> content_;
};
using MessageRef = std::shared_ptr<const Message>;

// Helps to read the fields of a list one after another; after the first wrong one everything is zero and `ok` false.
class Fields {
  public:
    explicit Fields(const rlp::Item& item) { item.is_list() ? void(items_ = &item.list()) : fail(); }

    [[nodiscard]] std::uint64_t number() {
        const rlp::Item* item = next();
        const std::optional<std::uint64_t> value = item ? rlp::as_u64(*item) : std::nullopt;
        if (!value) fail();
        return value.value_or(0);
    }
    [[nodiscard]] Word word() {
        const rlp::Item* item = next();
        const std::optional<Word> value = item ? rlp::as_number(*item) : std::nullopt;
        if (!value) fail();
        return value.value_or(Word{});
    }
    [[nodiscard]] Hash hash() {
        Hash hash;
        const ByteView bytes = string();
        if (bytes.size() == Hash::size) std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
        else fail();
        return hash;
    }
    [[nodiscard]] ByteView string() {
        const rlp::Item* item = next();
        if (item && !item->is_list()) return item->string();
        fail();
        return {};
    }
    [[nodiscard]] const std::vector<rlp::Item>& list() {
        static const std::vector<rlp::Item> nothing;
        const rlp::Item* item = next();
        if (item && item->is_list()) return item->list();
        fail();
        return nothing;
    }
    [[nodiscard]] const rlp::Item& list_item() {  // an empty string, which is no list, if there is none
        static const rlp::Item nothing;
        const rlp::Item* item = next();
        if (item && item->is_list()) return *item;
        fail();
        return nothing;
    }
    [[nodiscard]] bool at_end() const { return !items_ || at_ == items_->size(); }
    [[nodiscard]] bool ok() const { return ok_; }
    void fail() { ok_ = false; }

  private:
    const rlp::Item* next() {
        if (ok_ && items_ && at_ < items_->size()) return &(*items_)[at_++];
        fail();
        return nullptr;
    }

    const std::vector<rlp::Item>* items_ = nullptr;
    std::size_t at_ = 0;
    bool ok_ = true;
};

}  // namespace interlock::chain::consensus
