// Cheatcodes that record storage accesses, events and gas, and that save states.
#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;

namespace {

// --- storage and events ---

vm::Reply record(const Call& call) {
    call.surroundings().accesses.emplace();
    return nothing();
}

vm::Reply stop_record(const Call& call) {
    call.surroundings().accesses.reset();
    return nothing();
}

abi::Data slots(const std::vector<vm::Word>& words) { return std::vector<abi::Data>(words.begin(), words.end()); }

vm::Reply accesses(const Call& call) {
    const Accesses none;
    const Accesses* seen = &none;
    if (const auto& all = call.surroundings().accesses)
        if (const auto found = all->find(call.address(0)); found != all->end()) seen = &found->second;
    return gives("(bytes32[],bytes32[])", {slots(seen->reads), slots(seen->writes)});
}

vm::Reply record_logs(const Call& call) {
    call.surroundings().logs.emplace();
    return nothing();
}

vm::Reply recorded_logs(const Call& call) {
    std::vector<abi::Data> logs;
    if (!call.surroundings().logs) return gives("((bytes32[],bytes,address)[])", {abi::Data(logs)});
    for (const vm::Log& log : *call.surroundings().logs) {
        std::vector<abi::Data> topics;
        for (const vm::Hash& topic : log.topics) topics.emplace_back(vm::to_word(topic));
        logs.emplace_back(std::vector<abi::Data>{abi::Data(topics), abi::Data(log.data), abi::Data(log.address)});
    }
    call.surroundings().logs->clear();
    return gives("((bytes32[],bytes,address)[])", {abi::Data(logs)});
}

// --- gas ---

vm::Reply last_call_gas(const Call& call) {
    const CallGas& gas = call.arrangement().last_call;
    const std::vector<abi::Data> fields{vm::Word(gas.limit), vm::Word(gas.used), vm::Word(),
                                        vm::Word(static_cast<std::uint64_t>(gas.refunded)), vm::Word(gas.left)};
    return gives("((uint64,uint64,uint64,int64,uint64))", {abi::Data(fields)});
}

vm::Reply snapshot_last_call(const Call& call) { return gives(vm::Word(call.arrangement().last_call.used)); }

// Returns the name of a measurement, or its group and name. Without arguments: the measurement that was started last.
std::string measured(const Call& call) {
    std::string name;
    for (std::size_t i = 0; i < call.count(); ++i) name += "/" + call.text(i);
    return name;
}

vm::Reply start_gas(const Call& call) {
    call.arrangement().gas_marks[measured(call)] = call.arrangement().gas_marks[""] = call.message.gas.units;
    return nothing();
}

// The caller has given all its gas except a 64th to this call.
vm::Reply stop_gas(const Call& call) {
    const auto found = call.arrangement().gas_marks.find(measured(call));
    if (found == call.arrangement().gas_marks.end()) return call.refuse("no gas snapshot was started yet");
    const std::int64_t used = (found->second - call.message.gas.units) / 63 * 64;
    return gives(vm::Word(static_cast<std::uint64_t>(std::max<std::int64_t>(used, 0))));
}

// --- states ---

vm::Reply take(const Call& call) {
    const auto number = call.arrangement().snapshots.take(call.state(), call.surroundings().block);
    return number ? gives(vm::Word(*number)) : call.refuse("too many snapshots; delete those that are not needed");
}

vm::Reply bring_back(const Call& call, bool is_deleted) {
    if (!call.word(0).fits_u64()) return gives(vm::Word(0));
    const std::uint64_t number = call.word(0).low64();
    const bool is_there = call.arrangement().snapshots.bring_back(number, call.state(), call.surroundings().block);
    if (is_deleted) call.arrangement().snapshots.remove(number);
    return gives(vm::Word(is_there));
}

vm::Reply go_back(const Call& call) { return bring_back(call, false); }
vm::Reply go_back_for_good(const Call& call) { return bring_back(call, true); }

vm::Reply remove(const Call& call) {
    return gives(vm::Word(call.word(0).fits_u64() && call.arrangement().snapshots.remove(call.word(0).low64())));
}

vm::Reply remove_all(const Call& call) {
    call.arrangement().snapshots.clear();
    return nothing();
}

}  // namespace

Cheatcodes recording_cheatcodes() {
    return {
        {"record()", record},
        {"stopRecord()", stop_record},
        {"accesses(address)", accesses},
        {"recordLogs()", record_logs},
        {"getRecordedLogs()", recorded_logs},
        {"lastCallGas()", last_call_gas},
        {"snapshotGasLastCall(string)", snapshot_last_call},
        {"snapshotGasLastCall(string,string)", snapshot_last_call},
        {"startSnapshotGas(string)", start_gas},
        {"startSnapshotGas(string,string)", start_gas},
        {"stopSnapshotGas()", stop_gas},
        {"stopSnapshotGas(string)", stop_gas},
        {"stopSnapshotGas(string,string)", stop_gas},
        {"snapshotValue(string,uint256)", accept},
        {"snapshotValue(string,string,uint256)", accept},
        // No test passes or fails because of its gas.
        {"pauseGasMetering()", accept},
        {"resumeGasMetering()", accept},
        {"resetGasMetering()", accept},
        {"pauseTracing()", accept},
        {"resumeTracing()", accept},
        {"snapshot()", take},
        {"snapshotState()", take},
        {"revertTo(uint256)", go_back},
        {"revertToState(uint256)", go_back},
        {"revertToAndDelete(uint256)", go_back_for_good},
        {"revertToStateAndDelete(uint256)", go_back_for_good},
        {"deleteSnapshot(uint256)", remove},
        {"deleteStateSnapshot(uint256)", remove},
        {"deleteSnapshots()", remove_all},
        {"deleteStateSnapshots()", remove_all},
    };
}

}  // namespace interlock::analyzer::foundry
