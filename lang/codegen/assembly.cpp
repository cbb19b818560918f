// Computes the layout by relaxation, then writes the bytes in one pass.
#include "lang/codegen/assembly.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace interlock::lang::codegen {

namespace {

unsigned bytes_of(std::size_t number) {
    unsigned bytes = 1;
    while (number >>= 8) ++bytes;
    return bytes;
}

// The addresses of all items for given widths of the pushes; it also says whether the widths are large enough.
class Layout {
  public:
    explicit Layout(const Assembly& assembly) : assembly_(assembly), widths_(assembly.items.size()) {
        std::size_t bytes = 0;  // size of the fixed-width items since the previous point
        for (std::size_t i = 0; i < widths_.size(); ++i) {
            const Item& item = assembly.items[i];
            widths_[i] = least_width(item);
            const bool grows =
                item.is(Item::Kind::PushLabel) || item.is(Item::Kind::PushData) || item.is(Item::Kind::PushSize);
            if (grows || item.is(Item::Kind::Mark)) points_.push_back({i, std::exchange(bytes, 0)});
            if (!grows) bytes += 1 + widths_[i];
        }
        rest_ = bytes;
        do place();
        while (grow());
    }

    [[nodiscard]] std::size_t width(std::size_t item) const { return widths_[item]; }  // of a push, without its opcode
    [[nodiscard]] std::size_t size() const { return size_; }

    // Returns the value of a push that depends on the layout.
    [[nodiscard]] std::size_t target(const Item& item) const {
        switch (item.kind) {
            case Item::Kind::PushLabel: return labels_[item.index];
            case Item::Kind::PushData: return data_[item.index];
            default: return size_;
        }
    }

  private:
    // A mark, or a push that may have to grow.
    struct Point {
        std::size_t item;
        std::size_t bytes;  // between this point and the previous one, including the previous one if it is a mark
    };

    [[nodiscard]] std::uint8_t least_width(const Item& item) const {
        switch (item.kind) {
            case Item::Kind::Push:
                return std::max(static_cast<std::uint8_t>(vm::byte_length(assembly_.words[item.index])),
                                assembly_.least_push_bytes);
            case Item::Kind::PushImmutable: return 32;
            case Item::Kind::PushLibrary: return 20;
            case Item::Kind::PushLabel:
            case Item::Kind::PushData:
            case Item::Kind::PushSize: return 1;
            default: return 0;
        }
    }

    void place() {
        labels_.assign(assembly_.label_count(), 0);
        std::size_t pc = 0;
        for (const Point& point : points_) {
            pc += point.bytes;
            const Item& item = assembly_.items[point.item];
            if (item.is(Item::Kind::Mark)) labels_[item.index] = pc;
            else pc += 1 + widths_[point.item];
        }
        pc += rest_;
        if (!assembly_.data.empty()) ++pc;  // the fence
        data_.clear();
        for (const vm::Bytes& segment : assembly_.data) {
            data_.push_back(pc);
            pc += segment.size();
        }
        size_ = pc;
    }

    bool grow() {
        bool grown = false;
        for (const Point& point : points_) {
            const Item& item = assembly_.items[point.item];
            if (item.is(Item::Kind::Mark)) continue;
            if (const auto needed = static_cast<std::uint8_t>(bytes_of(target(item))); needed > widths_[point.item]) {
                widths_[point.item] = needed;
                grown = true;
            }
        }
        return grown;
    }

    const Assembly& assembly_;
    std::vector<std::uint8_t> widths_;
    std::vector<Point> points_;
    std::vector<std::size_t> labels_, data_;
    std::size_t rest_ = 0;  // bytes after the last point
    std::size_t size_ = 0;
};

void write_push(vm::Bytes& code, const Word& word, std::size_t width) {
    const std::size_t start = code.size();
    code.resize(start + 1 + width);
    code[start] = static_cast<std::uint8_t>(static_cast<std::size_t>(Opcode::PUSH0) + width);
    for (std::size_t n = 0; n < width; ++n)
        code[start + width - n] = static_cast<std::uint8_t>(word.limbs[n / 8] >> 8 * (n % 8));
}

}  // namespace

std::uint32_t Assembly::add_data(vm::Bytes bytes, const std::vector<LinkReference>& links) {
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data[i] == bytes && data_links[i] == links) return static_cast<std::uint32_t>(i);
    data.push_back(std::move(bytes));
    data_links.push_back(links);
    return static_cast<std::uint32_t>(data.size() - 1);
}

void Assembly::push_library(const std::string& name) {
    const auto found = std::find(libraries.begin(), libraries.end(), name);
    const auto index = static_cast<std::uint32_t>(found - libraries.begin());
    if (found == libraries.end()) libraries.push_back(name);
    add({.kind = Item::Kind::PushLibrary, .index = index});
}

Assembled assemble(const Assembly& assembly) {
    const Layout layout(assembly);
    Assembled result;
    result.code.reserve(layout.size());
    for (std::size_t i = 0; i < assembly.items.size(); ++i) {
        const Item& item = assembly.items[i];
        const auto pc = static_cast<std::uint32_t>(result.code.size());
        if (result.source_map.empty() || result.source_map.back().range != item.range)
            result.source_map.push_back({pc, item.range});
        switch (item.kind) {
            case Item::Kind::Op: result.code.push_back(static_cast<std::uint8_t>(item.op)); break;
            case Item::Kind::Mark: result.code.push_back(static_cast<std::uint8_t>(Opcode::JUMPDEST)); break;
            case Item::Kind::PushLibrary:
                result.links.push_back({assembly.libraries[item.index], pc + 1});
                write_push(result.code, {}, layout.width(i));
                break;
            case Item::Kind::PushImmutable:
                result.immutables.push_back({item.index, pc + 1});
                write_push(result.code, {}, layout.width(i));
                break;
            case Item::Kind::Push: write_push(result.code, assembly.words[item.index], layout.width(i)); break;
            default: write_push(result.code, layout.target(item), layout.width(i)); break;
        }
    }
    if (!assembly.data.empty()) {
        // Marks the end of the instructions.
        result.source_map.push_back({static_cast<std::uint32_t>(result.code.size()), {}});
        result.code.push_back(static_cast<std::uint8_t>(Opcode::INVALID));
    }
    for (std::size_t i = 0; i < assembly.data.size(); ++i) {
        const auto start = static_cast<std::uint32_t>(result.code.size());
        for (const LinkReference& link : assembly.data_links[i]) result.links.push_back({link.library, start + link.offset});
        result.code.insert(result.code.end(), assembly.data[i].begin(), assembly.data[i].end());
    }
    return result;
}

std::string print(const Assembly& assembly) {
    std::string text;
    for (const Item& item : assembly.items) {
        switch (item.kind) {
            case Item::Kind::Op: text += fmt::format("  {}\n", vm::info(item.op).name); break;
            case Item::Kind::Push: text += fmt::format("  PUSH {}\n", vm::to_hex(assembly.words[item.index])); break;
            case Item::Kind::PushLabel: text += fmt::format("  PUSH L{}\n", item.index); break;
            case Item::Kind::Mark: text += fmt::format("L{}:\n", item.index); break;
            case Item::Kind::PushData: text += fmt::format("  PUSH data {}\n", item.index); break;
            case Item::Kind::PushSize: text += "  PUSH size\n"; break;
            case Item::Kind::PushLibrary: text += fmt::format("  PUSH library {}\n", assembly.libraries[item.index]); break;
            case Item::Kind::PushImmutable: text += fmt::format("  PUSH immutable {}\n", item.index); break;
        }
    }
    return text;
}

}  // namespace interlock::lang::codegen
