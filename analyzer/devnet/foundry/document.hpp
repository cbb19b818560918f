// The content of JSON and TOML texts for tests that read them: a tree of values, in which numbers keep their text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace interlock::analyzer::foundry {

struct Document {
    enum class Kind : std::uint8_t { Null, Flag, Number, Text, List, Object };
    Kind kind = Kind::Null;
    std::string text;                // Flag: "true", "false"; Number: as written; Text: its content
    std::vector<Document> elements;  // List, Object: the values
    std::vector<std::string> keys;   // Object: names of the elements, in the same order, without duplicates

    [[nodiscard]] const Document* find(std::string_view key) const;  // null if there is none
    // Returns the member of that name, and adds it if it is missing.
    Document& member(const std::string& key);
};

// The highest nesting of lists and objects.
inline constexpr std::size_t max_document_depth = 64;

// The document, or why the text is not one.
using ReadDocument = std::variant<Document, std::string>;
[[nodiscard]] ReadDocument read_json(std::string_view text);
// Reads TOML 1.0. Dates and times become texts.
[[nodiscard]] ReadDocument read_toml(std::string_view text);

// Writes one line, with objects sorted by their keys.
[[nodiscard]] std::string to_json(const Document& document);

// Returns the values at a path, which is a sequence of ".key", "['key']", "[0]", "[-1]", ".*" and "[*]", with or
// without `$` in front. Returns std::nullopt if the path is malformed.
[[nodiscard]] std::optional<std::vector<const Document*>> select(const Document& document, std::string_view path);

}  // namespace interlock::analyzer::foundry
