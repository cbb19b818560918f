#include "analyzer/report/recorder.hpp"

#include <algorithm>

#include "analyzer/devnet/colluder.hpp"
#include "analyzer/devnet/revert_reason.hpp"
#include "analyzer/report/storage_names.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::uint8_t op_sload = 0x54, op_sstore = 0x55;

std::string_view kind_name(vm::CallKind kind) {
    switch (kind) {
        case vm::CallKind::Call: return "call";
        case vm::CallKind::StaticCall: return "staticcall";
        case vm::CallKind::DelegateCall: return "delegatecall";
        case vm::CallKind::CallCode: return "callcode";
        case vm::CallKind::Create:
        case vm::CallKind::Create2: break;
    }
    return "create";
}

const ir::Function* entry_for(const ir::Contract& contract, ByteView input) {
    const ir::Function* receive = nullptr;
    const ir::Function* fallback = nullptr;
    for (const ir::Function& function : contract.functions) {
        if (!function.is_entry) continue;
        if (function.kind == ir::FunctionKind::Receive) receive = &function;
        else if (function.kind == ir::FunctionKind::Fallback) fallback = &function;
        else if (function.selector == selector_of(input)) return &function;
    }
    return input.empty() && receive ? receive : fallback;
}

}  // namespace

Recorder::Recorder(World& world, std::vector<Account> watched, const lang::Artifact* attacker)
    : world_(world), watched_(std::move(watched)), attacker_(attacker) {}

const lang::Artifact* Recorder::artifact_at(const Address& address) const {
    if (address == world_.attacker().address) return attacker_;
    const DeployedContract* contract = world_.contract_at(address);
    return contract ? contract->artifact : nullptr;
}

std::string Recorder::function_text(const vm::Message& message) const {
    if (message.is_create()) return "constructor";
    const lang::Artifact* artifact = artifact_at(message.code_address);
    const ir::Function* function = artifact ? entry_for(*artifact->ir, message.input) : nullptr;
    const auto call = world_.call_of(message.code_address, message.input, message.value);
    if (call && carried_call(world_, *call)) return world_.text_of(*call);
    if (!function) return message.input.empty() ? "" : vm::to_hex(message.input);
    if (function->kind == ir::FunctionKind::Ordinary || function->kind == ir::FunctionKind::Getter) {
        const auto values = abi::decode(function->parameters, ByteView(message.input).subspan(4));
        if (values) return world_.text_of(*function, *values);
        if (call) return world_.text_of(*call);  // with lists and structs
    }
    return function->name + "()";
}

lang::SourceRange Recorder::range_at(const Address& code_address, std::uint32_t pc) const {
    const DeployedContract* contract = world_.contract_at(code_address);
    if (!contract) return {};  // the story does not point at the attacker's own source
    const auto& map = contract->artifact->source_map;
    auto entry = std::upper_bound(map.begin(), map.end(), pc, [](std::uint32_t at, const auto& e) { return at < e.pc; });
    return entry == map.begin() ? lang::SourceRange{} : std::prev(entry)->range;
}

// What her second contract has counts as her first one's.
Word Recorder::balance_of(const Account& account) {
    Word sum = world_.state().balance(account.address);
    if (account.address != world_.attacker().address) return sum;
    if (const auto second = colluder_of(world_)) sum += world_.state().balance(world_.contract(*second).address);
    return sum;
}

std::uint32_t Recorder::line_of(const lang::SourceRange& range) const {
    return range.end == 0 ? 0 : world_.compilation().sources->position(range.begin).line;
}

void Recorder::on_enter(const vm::Message& message) {
    CallRecord call;
    call.depth = message.depth;
    call.from = world_.name_of(message.sender);
    call.to = world_.name_of(message.recipient);
    call.function = function_text(message);
    call.kind = kind_name(message.kind);
    if (message.transfers_value()) call.value = message.value;
    const std::vector<Address> hers = world_.hers();
    call.is_reentry =
        std::ranges::count(hers, message.recipient) == 0 &&
        std::any_of(open_.begin(), open_.end(), [&](const Open& o) { return o.account == message.recipient; }) &&
        !open_.empty() && open_.back().account != message.recipient;
    for (const Account& user : watched_) call.balances.emplace_back(user.name, balance_of(user));

    const auto index = static_cast<std::uint32_t>(recording_.calls.size());
    std::vector<std::uint32_t> ancestors;
    if (!open_.empty()) {
        const Open& caller = open_.back();
        call.range = range_at(caller.code, caller.pc);
        call.line = line_of(call.range);
        Event event;
        event.kind = Event::Kind::Call;
        event.child = index;
        recording_.calls[caller.call].events.push_back(std::move(event));
        ancestors = ancestors_[caller.call];
        ancestors.push_back(caller.call);
    }
    ancestors_.push_back(std::move(ancestors));
    recording_.calls.push_back(std::move(call));
    open_.push_back({index, 0, message.recipient, message.code_address, accesses_.size()});
}

void Recorder::on_instruction(const vm::TracePoint& point) {
    if (open_.empty()) return;
    Open& frame = open_.back();
    frame.pc = point.pc;
    if ((point.opcode != op_sload && point.opcode != op_sstore) || !world_.contract_at(frame.account)) return;
    const std::size_t needed = point.opcode == op_sstore ? 2 : 1;
    if (point.stack.size() < needed) return;
    Access access;
    access.call = frame.call;
    access.account = frame.account;
    access.slot = point.stack.back();
    access.is_write = point.opcode == op_sstore;
    access.before = value_before(frame.account, access.slot);
    if (access.is_write) access.after = point.stack[point.stack.size() - 2];
    std::vector<Event>& events = recording_.calls[frame.call].events;
    access.event = static_cast<std::uint32_t>(events.size());
    Event event;
    event.kind = access.is_write ? Event::Kind::Write : Event::Kind::Read;
    event.range = range_at(frame.code, point.pc);
    event.line = line_of(event.range);
    events.push_back(std::move(event));
    accesses_.push_back(access);
}

void Recorder::on_exit(const vm::Message& message, const vm::Outcome& outcome) {
    if (open_.size() <= message.depth) return;  // it was refused before it began
    CallRecord& call = recording_.calls[open_.back().call];
    call.status = vm::name_of(outcome.status);
    const lang::Artifact* reverting = artifact_at(open_.back().account);
    if (outcome.status == vm::Status::Revert && !outcome.output.empty())
        call.result = describe_revert(outcome.output, reverting ? reverting->ir.get() : nullptr);
    if (!outcome.ok())
        for (std::size_t i = open_.back().first_access; i < accesses_.size(); ++i) accesses_[i].is_undone = true;
    open_.pop_back();
}

// A tracer is told of an instruction after it ran, so the previous value of a slot follows from the accesses seen so far.
Word Recorder::value_before(const Address& account, const Word& slot) const {
    for (auto access = accesses_.rbegin(); access != accesses_.rend(); ++access)
        if (!access->is_undone && access->account == account && access->slot == slot)
            return access->is_write ? access->after : access->before;
    return world_.state().load_original(account, slot);
}

Recording Recorder::take() {
    mark_stale_reads();
    name_accesses();
    return std::move(recording_);
}

// A read is stale if an outer frame of the same contract is waiting and writes the same slot after the reader has
// ended: if the write had come before the call, the reader would have seen it.
void Recorder::mark_stale_reads() {
    for (const Access& write : accesses_) {
        if (!write.is_write) continue;
        for (const Access& read : accesses_) {
            if (&read == &write) break;  // only earlier accesses
            if (read.is_write || read.account != write.account || read.slot != write.slot || read.call == write.call)
                continue;
            if (read.before == write.after) continue;  // it saw what is written anyway
            const auto& outer = ancestors_[read.call];
            if (std::find(outer.begin(), outer.end(), write.call) == outer.end()) continue;
            std::vector<Event>& events = recording_.calls[read.call].events;
            const bool was_told = std::any_of(accesses_.begin(), accesses_.end(), [&](const Access& other) {
                return other.call == read.call && other.slot == read.slot && other.event < read.event && !other.is_write &&
                       events[other.event].is_stale;
            });
            if (!was_told) events[read.event].is_stale = true;
            recording_.calls[write.call].events[write.event].is_missed = true;
        }
    }
}

void Recorder::name_accesses() {
    for (const Access& access : accesses_) {
        Event& event = recording_.calls[access.call].events[access.event];
        std::vector<SlotPiece> pieces;
        for (const DeployedContract& contract : world_.contracts())  // a proxy is there twice
            if (contract.address == access.account && pieces.empty()) pieces = name_slot(world_, contract, access.slot);
        for (const SlotPiece& piece : pieces) {
            const std::string before = piece.format(world_, access.before);
            const std::string after = access.is_write ? piece.format(world_, access.after) : "";
            if (access.is_write && before == after && !event.name.empty()) continue;  // only its neighbours changed
            if (!event.name.empty() && (!access.is_write || event.before != event.after)) continue;
            event.name = piece.name;
            event.before = before;
            event.after = after;
        }
        if (event.name.empty()) {
            event.name = "storage " + vm::to_hex(access.slot);
            event.before = vm::to_hex(access.before);
            if (access.is_write) event.after = vm::to_hex(access.after);
        }
    }
}

}  // namespace interlock::analyzer
