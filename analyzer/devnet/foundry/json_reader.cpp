// Reads JSON texts (RFC 8259) as documents. The library's parser calls back for each value, so that a number keeps its
// text: amounts of tokens have more digits than a double.
#include <nlohmann/json.hpp>

#include "analyzer/devnet/foundry/document.hpp"

namespace interlock::analyzer::foundry {

namespace {

class Builder final : public nlohmann::json_sax<nlohmann::json> {
  public:
    using Kind = Document::Kind;

    Document root;
    std::string error;

    bool null() override { return add({}); }
    bool boolean(bool flag) override { return add({Kind::Flag, flag ? "true" : "false", {}, {}}); }
    bool number_integer(number_integer_t number) override { return add({Kind::Number, std::to_string(number), {}, {}}); }
    bool number_unsigned(number_unsigned_t number) override { return add({Kind::Number, std::to_string(number), {}, {}}); }
    bool number_float(number_float_t, const string_t& text) override { return add({Kind::Number, text, {}, {}}); }
    bool string(string_t& text) override { return add({Kind::Text, text, {}, {}}); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Kind::Object); }
    bool start_array(std::size_t) override { return open(Kind::List); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& key) override {
        key_ = key;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        error = "it goes wrong at byte " + std::to_string(position);
        return false;
    }

  private:
    Document& place() {
        if (open_.empty()) return root;
        if (open_.back()->kind == Kind::Object) return open_.back()->member(key_) = {};
        return open_.back()->elements.emplace_back();
    }

    bool add(Document value) {
        place() = std::move(value);
        return true;
    }

    // Open values do not move, because their parent gets no new element before they are closed.
    bool open(Kind kind) {
        if (open_.size() == max_document_depth) {
            error = "lists and objects lie too deep in each other";
            return false;
        }
        Document& opened = place();
        opened.kind = kind;
        open_.push_back(&opened);
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<Document*> open_;
    std::string key_;
};

}  // namespace

ReadDocument read_json(std::string_view text) {
    Builder builder;
    if (!nlohmann::json::sax_parse(text, &builder)) return builder.error.empty() ? "it cannot be read" : builder.error;
    return std::move(builder.root);
}

}  // namespace interlock::analyzer::foundry
