#include "lang/syntax/documentation_tags.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

bool is_space_or_tab(char c) { return c == ' ' || c == '\t'; }
bool is_identifier(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

class TagReader {
  public:
    explicit TagReader(std::string_view text) : text_(text) {}

    Tags read() {
        while (at_ < text_.size()) {
            const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
            const std::size_t mark = text_.find('@', at_);
            if (mark < line_end) read_tag(mark, line_end);
            else if (last_ != nullptr) continue_tag(line_end);
            else if (at_ == 0) begin("notice", at_, line_end);
            else at_ = line_end + 1;
        }
        return std::move(tags_);
    }

  private:
    void read_tag(std::size_t mark, std::size_t line_end) {
        const std::size_t name_end = std::min(text_.find_first_of(" \t\n", mark), text_.size());
        const std::string name(text_.substr(mark + 1, name_end - mark - 1));
        const std::size_t data = std::min(name_end + 1, text_.size());
        if (name != "param") return begin(name, data, std::min(text_.find('\n', data), text_.size()));
        std::size_t start = data;
        while (start < line_end && is_space_or_tab(text_[start])) ++start;
        std::size_t end = start;
        while (end < line_end && is_identifier(text_[end])) ++end;
        begin(name, end, line_end);
        last_->parameter = text_.substr(start, end - start);
    }

    void begin(const std::string& name, std::size_t from, std::size_t line_end) {
        while (from < line_end && is_space_or_tab(text_[from])) ++from;
        last_ = &tags_.emplace(name, Tag{})->second;
        last_->content = text_.substr(from, line_end - from);
        at_ = line_end + 1;
    }

    void continue_tag(std::size_t line_end) {
        if (at_ < line_end && !is_space_or_tab(text_[at_])) last_->content += " ";
        last_->content += text_.substr(at_, line_end - at_);
        at_ = line_end + 1;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Tags tags_;
    Tag* last_ = nullptr;
};

}  // namespace

Tags read_tags(std::string_view comment) { return TagReader(comment).read(); }

}  // namespace interlock::lang
