// Checked indices for the translator.
//
// A wrong index here could write anywhere, now or whenever the code runs. Translating is not the hot path, so every
// build checks. If a check fails, the block is given up (translation.cpp) and runs as bytecode.
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <vector>

namespace interlock::vm {

// Thrown when the translator breaks one of its own rules.
struct TranslatorFault final : std::exception {
    [[nodiscard]] const char* what() const noexcept override { return "a fault of the translator"; }
};

inline void require(bool holds) {
    if (!holds) [[unlikely]]
        throw TranslatorFault();
}

template <class T>
class CheckedVector : public std::vector<T> {
  public:
    using std::vector<T>::vector;

    [[nodiscard]] T& operator[](std::size_t i) {
        require(i < this->size());
        return this->data()[i];
    }
    [[nodiscard]] const T& operator[](std::size_t i) const {
        require(i < this->size());
        return this->data()[i];
    }
};

template <class T, std::size_t count>
class CheckedArray {
  public:
    [[nodiscard]] T& operator[](std::size_t i) {
        require(i < count);
        return items_[i];
    }
    [[nodiscard]] const T& operator[](std::size_t i) const {
        require(i < count);
        return items_[i];
    }

  private:
    std::array<T, count> items_{};
};

}  // namespace interlock::vm
