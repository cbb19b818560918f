// A JSON value for writing: the compiler's output, reports, traces. The same value always gives the same text: members
// are in the order in which they were added, or sorted if requested. Bytes of a string that are not UTF-8 are written
// as U+FFFD. (RFC 8259.)
//
//     Json json{{"name", "Bank"}, {"gas", 21000}};      // an object
//     json["events"] = Json::array();
//     json["events"].push_back("Paid");
//     json.text();                                      // {"name":"Bank","gas":21000,"events":["Paid"]}
//
// This file has no reader, so that code that only writes compiles quickly.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace interlock {

class Json {
  public:
    struct Entry;   // a member as given to the constructor
    struct Member;  // a member as stored
    using Elements = std::vector<Json>;
    using Members = std::list<Member>;  // in `json["a"] = json["b"]` a new member must leave the others in place
    enum class Keys : std::uint8_t { AsAdded, Sorted };

    Json() = default;  // null
    Json(std::nullptr_t) {}
    Json(double number) : value_(number) {}
    template <std::same_as<bool> T>  // so that pointers do not become bools
    Json(T flag) : value_(flag) {}
    template <std::integral T>
    requires(!std::same_as<T, bool>) Json(T number) : value_(widened(number)) {}
    template <std::convertible_to<std::string_view> T>
    Json(const T& text) : value_(std::string(std::string_view(text))) {}
    template <class T>
    Json(const std::vector<T>& elements) : value_(Elements(elements.begin(), elements.end())) {}
    Json(std::initializer_list<Entry> members);  // if two have the same key, the first counts

    [[nodiscard]] static Json object();
    [[nodiscard]] static Json object(std::map<std::string, Json> members);
    [[nodiscard]] static Json array(std::initializer_list<Json> elements = {});

    // Returns the member, and adds it if it is missing. Null becomes an object.
    Json& operator[](std::string_view key);
    [[nodiscard]] const Json& operator[](std::string_view key) const;  // the member must exist
    [[nodiscard]] const Json* find(std::string_view key) const;        // null if there is none
    [[nodiscard]] bool contains(std::string_view key) const { return find(key) != nullptr; }
    void erase(std::string_view key);
    void take(Json&& others);  // takes all members of another object, which replace those with the same key

    Json& operator[](std::size_t index);
    [[nodiscard]] const Json& operator[](std::size_t index) const;
    void push_back(Json element);  // null becomes an array

    [[nodiscard]] std::size_t size() const;  // of an object or an array; otherwise 0
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
    [[nodiscard]] const std::string& string() const { return std::get<std::string>(value_); }
    [[nodiscard]] std::int64_t number() const { return std::get<std::int64_t>(value_); }
    [[nodiscard]] Elements& elements() { return std::get<Elements>(value_); }
    [[nodiscard]] const Elements& elements() const { return std::get<Elements>(value_); }

    [[nodiscard]] std::string text(Keys keys = Keys::AsAdded) const;           // one line without spaces
    [[nodiscard]] std::string indented_text(Keys keys = Keys::AsAdded) const;  // one line per value, one space per level

    friend class JsonWriter;

  private:
    using Value = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Elements, Members>;

    // Only numbers above the signed range are stored as unsigned.
    template <std::integral T>
    static Value widened(T number) {
        if constexpr (std::unsigned_integral<T> && sizeof(T) == sizeof(std::uint64_t)) {
            if (number > static_cast<std::uint64_t>(INT64_MAX)) return static_cast<std::uint64_t>(number);
        }
        return static_cast<std::int64_t>(number);
    }

    Value value_{nullptr};
};

struct Json::Entry {
    std::string_view key;
    mutable Json value;  // moved out of the initializer list
};

struct Json::Member {
    std::string key;
    Json value;
};

}  // namespace interlock
