#include "chain/process/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace interlock::chain::process {

namespace {

constexpr std::size_t head_bytes = 16;  // of a record: its length and its digest, the low bytes first

std::uint64_t number_at(vm::ByteView bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value |= std::uint64_t{bytes[i]} << 8 * i;
    return value;
}

void append_number(vm::Bytes& bytes, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void apply(vm::ByteView record, consensus::Durable& content) {
    const rlp::Decoded decoded = rlp::decode(record);
    if (!decoded.ok() || !decoded.item.is_list()) return;
    for (const rlp::Item& entry : decoded.item.list()) {
        consensus::Fields fields(entry);
        const auto kind = static_cast<std::uint32_t>(fields.number());
        const std::uint64_t number = fields.number();
        const vm::ByteView value = fields.string();
        if (fields.ok()) content[{kind, number}] = std::make_shared<const vm::Bytes>(value.begin(), value.end());
    }
}

}  // namespace

DurableFile::DurableFile(const std::string& path) {
    descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) return;
    vm::Bytes all;
    std::uint8_t piece[65536];
    for (ssize_t count = 0; (count = read(descriptor_, piece, sizeof piece)) > 0;)
        all.insert(all.end(), piece, piece + count);
    std::size_t at = 0;
    while (all.size() - at >= head_bytes) {
        const vm::ByteView rest = vm::ByteView(all).subspan(at);
        const std::uint64_t size = number_at(rest);
        if (size > rest.size() - head_bytes) break;
        const vm::ByteView record = rest.subspan(head_bytes, size);
        if (consensus::digest_of(record) != number_at(rest.subspan(8))) break;
        apply(record, content_);
        at += head_bytes + size;
    }
    if (ftruncate(descriptor_, static_cast<off_t>(at)) != 0 || lseek(descriptor_, 0, SEEK_END) < 0) {
        close(descriptor_);
        descriptor_ = -1;
    }
}

DurableFile::~DurableFile() {
    if (descriptor_ >= 0) close(descriptor_);
}

bool DurableFile::append(const consensus::Batch& batch) {
    rlp::Encoder out;
    out.open();
    for (const auto& [key, value] : batch) out.open().number(key.first).number(key.second).string(*value).close();
    out.close();
    const vm::Bytes record = out.take();
    vm::Bytes bytes;
    append_number(bytes, record.size());
    append_number(bytes, consensus::digest_of(record));
    bytes.insert(bytes.end(), record.begin(), record.end());
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t count = write(descriptor_, bytes.data() + at, bytes.size() - at);
        if (count <= 0) return false;
        at += static_cast<std::size_t>(count);
    }
    return fdatasync(descriptor_) == 0;
}

}  // namespace interlock::chain::process
