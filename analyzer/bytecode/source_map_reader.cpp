#include "analyzer/bytecode/source_map_reader.hpp"

#include <array>
#include <charconv>

#include "vm/opcodes.hpp"

namespace interlock::analyzer {

namespace {

// Removes what stands before the separator from the text and returns it.
std::string_view cut(std::string_view& text, char separator) {
    const std::size_t at = text.find(separator);
    const std::string_view part = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    return part;
}

}  // namespace

std::vector<lang::SourceMapEntry> read_source_map(vm::ByteView code, std::string_view map, const lang::Sources& sources) {
    std::vector<lang::SourceMapEntry> entries;
    std::array<std::int64_t, 3> fields{0, 0, -1};  // start, length, file; an empty field repeats the last one
    for (std::size_t pc = 0; pc < code.size() && !map.empty(); pc += 1u + vm::info(code[pc]).immediate) {
        std::string_view entry = cut(map, ';');
        for (std::int64_t& field : fields) {
            const std::string_view digits = cut(entry, ':');
            if (!digits.empty()) (void)std::from_chars(digits.data(), digits.data() + digits.size(), field);
        }
        const auto [start, length, number] = fields;
        lang::SourceRange range;
        if (number >= 0 && static_cast<std::size_t>(number) < sources.files().size()) {
            const lang::SourceFile& file = sources.files()[static_cast<std::size_t>(number)];
            const auto size = static_cast<std::int64_t>(file.text.size());
            if (start >= 0 && length >= 0 && start <= size && length <= size - start)
                range = {file.start + static_cast<std::uint32_t>(start),
                         file.start + static_cast<std::uint32_t>(start + length)};
        }
        if (entries.empty() || entries.back().range != range) entries.push_back({static_cast<std::uint32_t>(pc), range});
    }
    return entries;
}

}  // namespace interlock::analyzer
