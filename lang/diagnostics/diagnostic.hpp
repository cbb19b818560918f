// Diagnostics: what is wrong, where, and what to write instead; formatted like rustc's.
//
//     error[E301]: cannot convert `string` to `uint256`
//       --> bank.ilk:12:21
//        |
//     12 |     uint256 total = "many";
//        |     -------         ^^^^^^ this is a `string`
//        |     |
//        |     because of this type
//        = help: write a number
//
// Codes are stable: E0xx reading, E1xx syntax, E2xx names, E3xx types, E4xx declarations, E5xx specifications, E9xx not supported yet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostics/source.hpp"

namespace interlock::lang {

enum class Severity : std::uint8_t { Error, Warning, Note };

struct Label {
    SourceRange range;
    std::string text;  // may be empty
};

struct Diagnostic {
    Severity severity = Severity::Error;
    std::string code;     // "E301"
    std::string message;  // one line, without a full stop
    Label primary;
    std::vector<Label> secondary;
    std::vector<std::string> notes;
    std::vector<std::string> helps;
};

class Diagnostics {
  public:
    static constexpr std::size_t max_errors = 64;    // kept; a last line then says that there are more
    static constexpr std::size_t max_warnings = 64;  // kept

    Diagnostics() = default;
    explicit Diagnostics(std::size_t files) : files_(files) {}  // keeps so many times as much

    // The reference is valid until the next report. Reports beyond the limit are counted and dropped.
    Diagnostic& error(std::string code, std::string message, SourceRange where, std::string label = {});
    Diagnostic& warning(std::string code, std::string message, SourceRange where, std::string label = {});
    void add(Diagnostic diagnostic);  // one that was reported elsewhere
    [[nodiscard]] bool has_errors() const { return errors_ != 0; }
    [[nodiscard]] bool has_errors_of(std::string_view code) const;
    [[nodiscard]] bool is_told_at(std::uint32_t place) const;          // whether something that begins there was reported
    [[nodiscard]] std::size_t error_count() const { return errors_; }  // includes dropped errors
    [[nodiscard]] const std::vector<Diagnostic>& all() const { return list_; }  // in the order of reporting
    void sort_by_place();  // missing files come first, since many other errors follow from them
    // The same, where `rank` by number of file says which file comes first.
    void sort_by_place(const Sources& sources, const std::vector<std::uint32_t>& rank);
    // Forgets what was said elsewhere already; it still counts.
    template <class Predicate>
    void leave_out(Predicate is_said) {
        std::erase_if(list_, is_said);
    }

  private:
    std::vector<Diagnostic> list_;
    std::size_t files_ = 1, errors_ = 0, warnings_ = 0;
    Diagnostic overflow_;  // receives dropped reports
};

// Returns the text for a terminal or a log. If there are errors, it ends with "error: could not compile `bank.ilk`: 2
// errors".
[[nodiscard]] std::string render(const Diagnostics&, const Sources&, bool color);
[[nodiscard]] std::string render(const Diagnostic&, const Sources&, bool color);

}  // namespace interlock::lang
