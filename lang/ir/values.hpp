// A value of the IR, and lists of values: the operands of an instruction, the arguments of a jump. Most lists are
// short, and a function has thousands of them, so up to four values are stored in the list itself.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

namespace interlock::lang::ir {

struct Value {
    std::uint32_t index = none;
    static constexpr std::uint32_t none = 0xffffffff;
    explicit operator bool() const { return index != none; }
    friend bool operator==(Value, Value) = default;
};

// Replaces std::vector<Value>, with only the members that are needed.
class Values {
  public:
    using value_type = Value;
    using iterator = Value*;
    using const_iterator = const Value*;

    Values() {}
    explicit Values(std::size_t size) { resize(size); }
    Values(std::initializer_list<Value> values) { assign(values.begin(), values.end()); }
    Values(const std::vector<Value>& values) { assign(values.begin(), values.end()); }
    template <std::forward_iterator Iterator>
    Values(Iterator first, Iterator last) {
        assign(first, last);
    }
    Values(const Values& other) { assign(other.begin(), other.end()); }
    Values(Values&& other) noexcept { take(other); }
    ~Values() { release(); }

    Values& operator=(const Values& other) {
        if (this != &other) assign(other.begin(), other.end());
        return *this;
    }
    Values& operator=(Values&& other) noexcept {
        if (this == &other) return *this;
        release();
        take(other);
        return *this;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] Value* data() { return is_inside() ? storage_.inside : storage_.outside; }
    [[nodiscard]] const Value* data() const { return is_inside() ? storage_.inside : storage_.outside; }
    [[nodiscard]] Value* begin() { return data(); }
    [[nodiscard]] Value* end() { return data() + size_; }
    [[nodiscard]] const Value* begin() const { return data(); }
    [[nodiscard]] const Value* end() const { return data() + size_; }
    [[nodiscard]] auto rbegin() const { return std::make_reverse_iterator(end()); }
    [[nodiscard]] auto rend() const { return std::make_reverse_iterator(begin()); }
    Value& operator[](std::size_t n) { return data()[n]; }
    const Value& operator[](std::size_t n) const { return data()[n]; }
    [[nodiscard]] Value& at(std::size_t n) {
        if (n >= size_) throw std::out_of_range("a list of values has fewer");
        return data()[n];
    }
    [[nodiscard]] const Value& at(std::size_t n) const { return const_cast<Values&>(*this).at(n); }
    [[nodiscard]] const Value& front() const { return data()[0]; }
    [[nodiscard]] const Value& back() const { return data()[size_ - 1]; }

    void push_back(Value value) {
        if (size_ == capacity_) reserve(std::size_t{2} * capacity_);
        data()[size_++] = value;
    }
    void reserve(std::size_t capacity) {
        if (capacity <= capacity_) return;
        auto* grown = new Value[capacity];
        std::copy(begin(), end(), grown);
        release();
        storage_.outside = grown;
        capacity_ = static_cast<std::uint32_t>(capacity);
    }
    void resize(std::size_t size) {
        reserve(size);
        if (size > size_) std::fill(end(), data() + size, Value{});
        size_ = static_cast<std::uint32_t>(size);
    }
    void clear() { size_ = 0; }

    // `at` is a position in this list; the inserted values must not be in this list.
    void insert(const_iterator at, Value value) { insert(at, &value, &value + 1); }
    template <std::forward_iterator Iterator>
    void insert(const_iterator at, Iterator first, Iterator last) {
        const auto where = at - begin();
        const auto old_size = static_cast<std::ptrdiff_t>(size_);
        resize(size_ + static_cast<std::size_t>(std::distance(first, last)));
        std::move_backward(begin() + where, begin() + old_size, end());
        std::copy(first, last, begin() + where);
    }

    friend bool operator==(const Values& a, const Values& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

  private:
    static constexpr std::uint32_t most_inside = 4;

    union Storage {
        Value inside[most_inside] = {};
        Value* outside;
    };

    [[nodiscard]] bool is_inside() const { return capacity_ == most_inside; }
    void release() {
        if (!is_inside()) delete[] storage_.outside;
    }
    void take(Values& other) {
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, most_inside);
        storage_ = other.storage_;
    }
    template <class Iterator>
    void assign(Iterator first, Iterator last) {
        size_ = 0;
        resize(static_cast<std::size_t>(std::distance(first, last)));
        std::copy(first, last, begin());
    }

    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = most_inside;
    Storage storage_;
};

}  // namespace interlock::lang::ir
