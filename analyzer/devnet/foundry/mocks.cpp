#include "analyzer/devnet/foundry/mocks.hpp"

#include <algorithm>
#include <tuple>

namespace interlock::analyzer::foundry {

namespace {

bool is_for(const MockedCall& mocked, const vm::Message& message, vm::ByteView input) {
    if (mocked.callee != message.code_address || input.size() < mocked.data.size()) return false;
    if (mocked.value && *mocked.value != message.value) return false;
    return std::ranges::equal(input.first(mocked.data.size()), mocked.data);
}

}  // namespace

void Mocks::add(MockedCall mocked) {
    std::erase_if(all_, [&](const MockedCall& each) {
        return each.callee == mocked.callee && each.data == mocked.data && each.value == mocked.value;
    });
    all_.push_back(std::move(mocked));
}

std::optional<vm::Reply> Mocks::on_call(vm::Message& message, vm::ByteView input) {
    MockedCall* best = nullptr;
    const auto rank = [](const MockedCall& each) { return std::tuple(each.data.size(), each.value.has_value()); };
    for (MockedCall& each : all_)
        if (is_for(each, message, input) && (best == nullptr || rank(each) > rank(*best))) best = &each;
    if (best == nullptr) return std::nullopt;
    if (best->stand_in) {
        message.code_address = *best->stand_in;
        return std::nullopt;
    }
    vm::Reply answer{best->reverts, best->answers.front(), {}};
    if (best->answers.size() > 1) best->answers.pop_front();
    return answer;
}

}  // namespace interlock::analyzer::foundry
