#include "analyzer/devnet/foundry/expected_revert.hpp"

#include <algorithm>

#include "analyzer/devnet/foundry/answers.hpp"
#include "analyzer/devnet/foundry/texts.hpp"

namespace interlock::analyzer::foundry {

namespace {

// The caller of an expected revert gets this many zero bytes, which decode as any declared type.
constexpr std::size_t dummy_output_bytes = 8192;

void fail(vm::Outcome& outcome, const std::string& text) {
    outcome.status = vm::Status::Revert;
    outcome.output = cheatcode_error(text);
}

// Ends the frame that asked, when no call has reverted as expected.
void settle_too_late(const ExpectedRevert& expected, vm::Outcome& outcome, const std::string& told) {
    if (expected.count == 0) return;
    const std::string by_itself = "call didn't revert at a lower depth than cheatcode call depth";
    if (!outcome.ok()) return fail(outcome, by_itself + ": it reverts with " + told);
    if (expected.met == 0) return fail(outcome, by_itself);
    fail(outcome, "call reverted " + std::to_string(expected.met) + " times, not " + std::to_string(expected.count));
}

}  // namespace

bool is_same_revert(vm::ByteView actual, vm::ByteView expected, bool is_partial) {
    if (is_partial && actual.size() >= 4 && expected.size() >= 4)
        return std::ranges::equal(actual.first(4), expected.first(4));
    if (std::ranges::equal(actual, expected)) return true;
    const std::optional<vm::Bytes> text = error_text(actual);
    return text && std::ranges::equal(*text, expected);
}

bool settle(ExpectedRevert& expected, const vm::Message& message, vm::Outcome& outcome,
            const std::function<std::string(const vm::Outcome&)>& told) {
    if (!outcome.ok() && !expected.reverted_by) expected.reverted_by = message.recipient;
    if (message.depth > expected.depth) return false;
    if (message.depth < expected.depth) {
        settle_too_late(expected, outcome, told(outcome));
        return true;
    }
    const bool is_from = !expected.reverter || expected.reverted_by == expected.reverter;
    const bool is_as_asked =
        !outcome.ok() && is_from && (!expected.data || is_same_revert(outcome.output, *expected.data, expected.is_partial));
    if (expected.count == 0) {
        if (is_as_asked) fail(outcome, "call reverted when it was expected not to revert: " + told(outcome));
        expected.reverted_by.reset();
        return is_as_asked;
    }
    if (!is_as_asked) {
        if (outcome.ok()) fail(outcome, "next call did not revert as expected");
        else if (!is_from)
            fail(outcome, "Reverter != expected reverter: " + checksummed(*expected.reverted_by) +
                              " != " + checksummed(*expected.reverter));
        else
            fail(outcome, "Error != expected error: " + told(outcome) +
                              " != " + told({vm::Status::Revert, {}, {}, *expected.data, {}}));
        return true;
    }
    outcome.status = vm::Status::Success;
    outcome.output.assign(message.is_create() ? 0 : dummy_output_bytes, 0);
    if (message.is_create()) outcome.created.bytes.back() = 1;
    expected.reverted_by.reset();
    return ++expected.met >= expected.count;
}

}  // namespace interlock::analyzer::foundry
