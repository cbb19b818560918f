#include "analyzer/devnet/foundry/test_contract.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/foundry/addresses.hpp"
#include "analyzer/devnet/foundry/answers.hpp"
#include "analyzer/devnet/foundry/failure_location.hpp"
#include "lang/codegen/generate.hpp"
#include "lang/diagnostics/printable.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

lang::Diagnostic complaint(lang::SourceRange where, std::string message) {
    lang::Diagnostic made;
    made.message = std::move(message);
    made.primary.range = where;
    return made;
}

bool begins_with(vm::ByteView bytes, std::string_view text) {
    return bytes.size() >= text.size() && std::ranges::equal(bytes.first(text.size()), text);
}

// Compares code, except immutables, which the constructor has filled in, and addresses of libraries.
bool is_code_of(vm::ByteView code, const lang::Artifact& artifact) {
    if (code.size() != artifact.runtime_code.size()) return false;
    vm::Bytes cleared(code.begin(), code.end());
    for (const lang::ImmutableReference& each : artifact.immutables)
        std::fill_n(cleared.begin() + each.offset, 32, std::uint8_t{0});
    for (const lang::LinkReference& each : artifact.runtime_links)
        std::fill_n(cleared.begin() + each.offset, 20, std::uint8_t{0});
    return std::ranges::equal(cleared, artifact.runtime_code);
}

vm::Bytes call_data(const ir::Function& function, const std::vector<abi::Data>& arguments) {
    return abi::call_data(function.selector, abi::encode(abi::data_types(function.parameters).value(), arguments));
}

}  // namespace

TestContract::TestContract(const lang::Compilation& compilation, const Project& project, const lang::Artifact& artifact,
                           std::uint64_t seed)
    : compilation_(compilation), artifact_(artifact), devnet_(compilation), chain_(compilation, project, devnet_.state()) {
    devnet_.deploy_libraries();
    arrangement().chooser = chain::SeededChooser(seed);
}

std::optional<lang::Diagnostic> TestContract::prepare() {
    const ir::Contract& contract = *artifact_.ir;
    const bool has_parameters =
        contract.constructor != ir::Contract::none && !contract.functions[contract.constructor].parameters.empty();
    if (has_parameters)
        return complaint(contract.functions[contract.constructor].range,
                         "the constructor of a contract with tests takes no arguments");
    const TestChain::Ran deployed = chain_.deploy(devnet_.linked(artifact_.creation_code, artifact_.creation_links), {});
    if (!deployed.ok()) return complaint(contract.range, "this contract cannot be deployed: " + reason_of(deployed.outcome));
    address_ = deployed.outcome.created;
    std::erase(arrangement().created, address_);
    devnet_.add_name(address_, artifact_.name);
    devnet_.state().set_balance(address_, TestChain::wealth);
    if (const ir::Function* const set_up = find("setUp")) {
        const Point before = point();
        const End end = call(*set_up);
        if (end.kind == End::Kind::Failed) {
            go_back(before);
            return failure_of(*set_up, {}, "setUp() reverts: ");
        }
        if (end.kind == End::Kind::Rejected) return complaint(set_up->range, "setUp() assumes what does not hold");
    }
    for (const vm::Address& created : arrangement().created)
        if (const lang::Artifact* const artifact = artifact_at(created)) devnet_.add_name(created, artifact->name);
    return std::nullopt;
}

TestContract::End TestContract::call(const ir::Function& function, const std::vector<abi::Data>& arguments,
                                     vm::Tracer* tracer) {
    return call(known::sender, address_, {}, call_data(function, arguments), tracer);
}

TestContract::End TestContract::call(const vm::Address& from, const vm::Address& to, const vm::Word& value, vm::Bytes data,
                                     vm::Tracer* tracer) {
    return end_of(chain_.call(from, to, value, std::move(data), tracer));
}

TestContract::End TestContract::end_of(const TestChain::Ran& ran) {
    End end;
    end.gas = ran.gas_used;
    end.output = ran.outcome.output;
    if (ran.ok()) {
        if (!says_it_failed()) return end;
        end.kind = End::Kind::Failed;
        end.reason = "an assertion failed";
        end.is_marked = true;
    } else if (begins_with(end.output, assume_failed)) {
        end.kind = End::Kind::Rejected;
    } else if (begins_with(end.output, skipped)) {
        end.kind = End::Kind::Skipped;
        end.reason =
            lang::printable(std::string(end.output.begin() + static_cast<std::ptrdiff_t>(skipped.size()), end.output.end()));
    } else {
        end.kind = End::Kind::Failed;
        end.reason = reason_of(ran.outcome);
    }
    return end;
}

// Old assertions do not revert; they leave a mark.
bool TestContract::says_it_failed() {
    if (!devnet_.state().load(known::cheatcodes, failed_slot()).is_zero()) return true;
    const auto failed = ask("failed");
    return failed && failed->size() == 1 && std::holds_alternative<vm::Word>(failed->front().content) &&
           !failed->front().word().is_zero();
}

std::optional<std::vector<abi::Data>> TestContract::ask(std::string_view function_name) {
    const ir::Function* const function = find(function_name);
    const auto types = function == nullptr ? std::nullopt : abi::data_types(function->returns);
    if (!types) return std::nullopt;
    const auto before = devnet_.state().checkpoint();
    Arrangement arranged;
    arranged.surroundings.block = arrangement().surroundings.block;
    std::swap(arranged, arrangement());
    const TestChain::Ran ran = chain_.call(known::sender, address_, {}, call_data(*function, {}));
    std::swap(arranged, arrangement());
    devnet_.state().rewind_to(before);
    return ran.ok() ? abi::decode(*types, ran.outcome.output) : std::nullopt;
}

const lang::Artifact* TestContract::plain_artifact() {
    if (!plain_) plain_ = lang::generate(artifact_.ir, *artifact_.ir, compilation_.artifacts);
    return std::get_if<lang::Artifact>(&*plain_);
}

// Returns the unoptimized code with the immutables that the constructor has written into the deployed code.
vm::Bytes TestContract::plain_code(const lang::Artifact& plain) {
    vm::Bytes code = devnet_.linked(plain.runtime_code, plain.runtime_links);
    const vm::ByteView deployed = devnet_.state().code(address_)->bytes();
    for (const lang::ImmutableReference& each : plain.immutables) {
        const auto there = std::ranges::find(artifact_.immutables, each.index, &lang::ImmutableReference::index);
        if (there != artifact_.immutables.end() && there->offset + 32 <= deployed.size())
            std::ranges::copy(deployed.subspan(there->offset, 32), code.begin() + each.offset);
    }
    return code;
}

std::string TestContract::place_of(lang::SourceRange range) const {
    const lang::LineColumn at = compilation_.sources->position(range.begin);
    return fmt::format("{}:{}:{}: `{}`", compilation_.sources->file_of(range).path, at.line, at.column,
                       compilation_.sources->text(range));
}

lang::Diagnostic TestContract::failure_of(const ir::Function& function, const std::vector<abi::Data>& arguments,
                                          const std::string& before) {
    const Point start = point();
    const End end = call(function, arguments);
    const std::set<std::string> unsupported = arrangement().unsupported;
    go_back(start);
    const auto trace = [&](const lang::Artifact& outermost) {
        FailureLocation location(outermost, function, *compilation_.sources, [&](const vm::Address& address) {
            return address == address_ ? &outermost : artifact_at(address);
        });
        if (&outermost != &artifact_) devnet_.state().set_code(address_, plain_code(outermost));
        const bool is_the_same = call(function, arguments, &location).output == end.output;
        go_back(start);
        return std::pair(location, is_the_same);
    };
    const lang::Artifact* const plain = plain_artifact();
    auto [location, is_the_same] = trace(plain != nullptr ? *plain : artifact_);
    // A test's behaviour can depend on its code.
    if (!is_the_same) location = trace(artifact_).first;
    // A cheatcode's message needs no further explanation.
    const bool is_told = is_cheatcode_error(end.output) || end.is_marked;
    lang::Diagnostic failure =
        complaint(end.is_marked ? function.range : location.in_test(), (is_told ? "" : before) + end.reason);
    if (const auto helper = location.in_helper(); helper && !end.is_marked)
        failure.notes.push_back("inside of it at " + place_of(*helper));
    if (const auto callee = location.in_callee()) failure.notes.push_back("it begins at " + place_of(*callee));
    for (const std::string& cheatcode : unsupported)
        if (failure.message.find(cheatcode) == std::string::npos)
            failure.notes.push_back(fmt::format("the cheatcode {} is not supported", cheatcode));
    return failure;
}

void TestContract::go_back(const Point& point) {
    devnet_.state().rewind_to(point.state);
    chain_.arrangement() = point.arrangement;
}

const ir::Function* TestContract::find(std::string_view name) const {
    const auto& functions = artifact_.ir->functions;
    const auto found = std::ranges::find_if(functions, [&](const ir::Function& each) {
        return each.is_entry && each.name == name && each.parameters.empty() &&
               (each.kind == ir::FunctionKind::Ordinary || each.kind == ir::FunctionKind::Getter);
    });
    return found == functions.end() ? nullptr : &*found;
}

const lang::Artifact* TestContract::artifact_at(const vm::Address& address) {
    const std::shared_ptr<const vm::Code> code = devnet_.state().code(address);
    if (code->is_empty()) return nullptr;
    for (const lang::Artifact& each : compilation_.artifacts)
        if (is_code_of(code->bytes(), each)) return &each;
    return nullptr;
}

std::string TestContract::name_of(const vm::Address& address) const {
    const auto& labels = chain_.arrangement().labels;
    const auto found = labels.find(address);
    return found == labels.end() ? devnet_.name_of(address) : lang::printable(found->second);
}

std::string TestContract::text_of(const abi::DataType& type, const abi::Data& value) const {
    using Kind = abi::DataType::Kind;
    if (type.kind == Kind::Word && type.value.kind == ir::TypeKind::Address) return name_of(vm::to_address(value.word()));
    if (type.kind == Kind::Word) return devnet_.text_of(type.value, abi::Value(value.word()), Amounts::Wrapped);
    if (type.kind == Kind::Bytes) return devnet_.text_of(type.value, abi::Value(value.bytes()), Amounts::Wrapped);
    std::string text;
    for (std::size_t i = 0; i < value.list().size(); ++i)
        text += (i ? ", " : "") + text_of(type.kind == Kind::Struct ? type.parts[i] : type.parts.front(), value.list()[i]);
    return type.kind == Kind::Struct ? "(" + text + ")" : "[" + text + "]";
}

std::string TestContract::reason_of(const vm::Outcome& outcome) const {
    if (outcome.status != vm::Status::Revert) return std::string(vm::name_of(outcome.status));
    if (is_cheatcode_error(outcome.output))
        if (const auto text = error_text(outcome.output)) return lang::printable(std::string(text->begin(), text->end()));
    const std::string reason = devnet_.reason_of(outcome.output);
    return reason.empty() ? "no reason given" : reason;
}

}  // namespace interlock::analyzer::foundry
