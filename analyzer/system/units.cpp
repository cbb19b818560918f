// Values, and places whatever their keys are, that are copied or compared are of one unit; so are summands, but for what is
// added to an instant. What is known of some is known of all.
#include "analyzer/system/units.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ir/walk.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;
using ir::Op;

namespace {

// What the compiler calls the functions that allocate memory, and copy from it and to it.
constexpr std::string_view allocating = "allocate", copying_to_memory = "copy to memory: ", copying = "copy ";

class Units {
  public:
    explicit Units(const ir::Contract& contract) : contract_(contract) {
        std::uint32_t count = 0;
        for (const ir::Function& function : contract.functions) {
            first_.push_back(count);
            count += function.values;
        }
        parent_.resize(count);
        std::iota(parent_.begin(), parent_.end(), 0u);
        measures_.resize(count);
        makers_.resize(count);
        for (std::uint32_t f = 0; f < contract.functions.size(); ++f)
            for (const ir::Block& block : contract.functions[f].blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.result) makers_[node(f, each.result)] = &each;
        for (std::uint32_t f = 0; f < contract.functions.size(); ++f) join_copies(f);
        join_structs();
        for (std::uint32_t f = 0; f < contract.functions.size(); ++f) seed(f);
        settle(false);
        settle(true);
        for (std::uint32_t f = 0; f < contract.functions.size(); ++f) mark_basis_points(f);
        for (std::uint32_t f = 0; f < contract.functions.size(); ++f) mark_keys(f);
    }

    [[nodiscard]] Measures of_parameters() {
        Measures all;
        for (std::uint32_t f = 0; f < contract_.functions.size(); ++f) {
            const ir::Function& function = contract_.functions[f];
            for (std::size_t i = 0; i < function.parameters.size(); ++i)
                if (const auto value = value_of(f, i))
                    if (const Measure found = measures_[find(*value)]; found.unit != Unit::Unknown) all[{f, i}] = found;
        }
        return all;
    }

  private:
    using Node = std::uint32_t;

    [[nodiscard]] Node node(std::uint32_t function, ir::Value value) const { return first_[function] + value.index; }

    Node find(Node at) {
        while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
        return at;
    }
    // Returns whether anything changed.
    bool join(Node a, Node b) {
        a = find(a);
        b = find(b);
        if (a == b) return false;
        parent_[b] = a;
        if (measures_[a].unit == Unit::Unknown) measures_[a] = measures_[b];
        return true;
    }
    // What was known first stays: money that is compared with a small constant is still money.
    bool mark(Node at, const Measure& measure) {
        Measure& held = measures_[find(at)];
        if (held.unit != Unit::Unknown) return false;
        held = measure;
        return true;
    }
    bool is(Node at, Unit unit) { return measures_[find(at)].unit == unit; }

    [[nodiscard]] std::optional<vm::Word> constant(Node at) const {
        const ir::Instruction* made = makers_[at];
        while (made && (made->op == Op::Convert || made->op == Op::Reinterpret)) {
            const auto function = std::ranges::upper_bound(first_, at) - first_.begin() - 1;
            at = node(static_cast<std::uint32_t>(function), made->operands[0]);
            made = makers_[at];
        }
        return made && made->op == Op::Constant ? std::optional(made->word) : std::nullopt;
    }

    Node place(const ir::Place& place) {
        std::vector<std::uint32_t> fields{place.variable};
        for (const ir::PlaceStep& step : place.steps)
            if (step.kind == ir::PlaceStep::Kind::Field) fields.push_back(step.operand);
        const auto [found, is_new] = places_.try_emplace(fields, static_cast<Node>(parent_.size()));
        if (is_new) {
            parent_.push_back(found->second);
            measures_.emplace_back();
            makers_.push_back(nullptr);
        }
        return found->second;
    }

    static bool compares(Op op) {
        return op == Op::Less || op == Op::LessEqual || op == Op::Greater || op == Op::GreaterEqual || op == Op::Equal ||
               op == Op::NotEqual;
    }

    void join_copies(std::uint32_t f) {
        const ir::Function& function = contract_.functions[f];
        const auto jump = [&](const ir::Jump& way) {
            const auto& parameters = function.blocks[way.block].parameters;
            for (std::size_t i = 0; i < way.arguments.size() && i < parameters.size(); ++i)
                join(node(f, way.arguments[i]), node(f, parameters[i].value));
        };
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) {
                const auto operand = [&](std::size_t i) { return node(f, each.operands[i]); };
                if (each.op == Op::Convert || each.op == Op::Reinterpret) join(operand(0), node(f, each.result));
                if (each.op == Op::And && is_mask(operand(1))) join(operand(0), node(f, each.result));
                if (each.op == Op::Load || each.op == Op::LoadImmutable) join(place(each.place), node(f, each.result));
                if (each.op == Op::Store || each.op == Op::StoreImmutable)
                    join(place(each.place), node(f, each.operands[each.operands.size() - 1]));
                if (each.op == Op::Select) {
                    join(operand(1), node(f, each.result));
                    join(operand(2), node(f, each.result));
                }
                const bool is_bool = each.operands.size() == 2 && constant(operand(0)) && constant(operand(1));
                if (compares(each.op) && !is_bool && !constant(operand(0)) && !constant(operand(1)))
                    join(operand(0), operand(1));
                if (each.op == Op::InternalCall) join_call(f, each);
                if (each.op == Op::Result) join_result(f, each);
            }
            ir::for_each_jump(block.terminator, jump);
        }
    }

    void join_call(std::uint32_t f, const ir::Instruction& call) {
        const auto& parameters = contract_.functions[call.callee].blocks.front().parameters;
        for (std::size_t i = 0; i < call.operands.size() && i < parameters.size(); ++i)
            join(node(f, call.operands[i]), node(call.callee, parameters[i].value));
    }

    void join_result(std::uint32_t f, const ir::Instruction& result) {
        const ir::Instruction* call = makers_[node(f, result.operands[0])];
        if (!call || call->op != Op::InternalCall || contract_.functions[call->callee].name == allocating) return;
        for (const ir::Block& block : contract_.functions[call->callee].blocks)
            if (block.terminator.kind == ir::Terminator::Kind::Return && result.number < block.terminator.values.size())
                join(node(f, result.result), node(call->callee, block.terminator.values[result.number]));
    }

    [[nodiscard]] bool is_mask(Node at) const {
        const auto word = constant(at);
        return word && !word->is_zero() && (*word & (*word + vm::Word{1})).is_zero();
    }

    // Structs in memory, by the functions that copy them from storage and back: what lies in the same field is of one unit.
    void join_structs() {
        std::map<std::string, Node> of_type;
        const auto note = [&](const std::string& type, Node pointer) {
            const auto [known, is_new] = of_type.try_emplace(type, pointer);
            if (!is_new) join(known->second, pointer);
        };
        for (std::uint32_t f = 0; f < contract_.functions.size(); ++f) {
            const ir::Function& function = contract_.functions[f];
            if (function.name.starts_with(copying_to_memory)) {
                for (const ir::Block& block : function.blocks)
                    if (block.terminator.kind == ir::Terminator::Kind::Return)
                        note(function.name.substr(copying_to_memory.size()), node(f, block.terminator.values.front()));
            } else if (const std::size_t end = function.name.find(" in memory to ");
                       function.name.starts_with(copying) && end != std::string::npos) {
                const auto& source = function.blocks.front().parameters.back();
                note(function.name.substr(copying.size(), end - copying.size()), node(f, source.value));
            }
        }
        std::set<Node> structs;
        for (const auto& [type, pointer] : of_type) structs.insert(find(pointer));
        std::map<std::pair<Node, std::uint64_t>, Node> fields;
        for (std::uint32_t f = 0; f < contract_.functions.size(); ++f)
            for (const ir::Block& block : contract_.functions[f].blocks)
                for (const ir::Instruction& each : block.instructions) {
                    const bool stores = each.op == Op::Evm && each.opcode == vm::Opcode::MSTORE;
                    if (!stores && (each.op != Op::Evm || each.opcode != vm::Opcode::MLOAD)) continue;
                    Node base = node(f, each.operands[0]);
                    std::uint64_t offset = 0;
                    if (const ir::Instruction* sum = makers_[base]; sum && sum->op == Op::Add)
                        if (const auto added = constant(node(f, sum->operands[1])); added && added->fits_u64())
                            offset = added->low64(), base = node(f, sum->operands[0]);
                    if (!structs.contains(find(base))) continue;
                    const Node word = node(f, stores ? each.operands[1] : each.result);
                    const auto [known, is_new] = fields.try_emplace({find(base), offset}, word);
                    if (!is_new) join(known->second, word);
                }
    }

    void seed(std::uint32_t f) {
        constexpr std::uint32_t transfer = 0xa9059cbb, transfer_from = 0x23b872dd, balance_of = 0x70a08231;
        const ir::Function& function = contract_.functions[f];
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) {
                if (each.op == Op::CallValue || each.op == Op::Balance || each.op == Op::SelfBalance)
                    mark(node(f, each.result), {Unit::Money, {}});
                if (each.op == Op::Timestamp) mark(node(f, each.result), {Unit::Instant, {}});
            }
            if (block.terminator.kind != ir::Terminator::Kind::External) continue;
            const ir::ExternalCall& call = block.terminator.call;
            if (call.value) mark(node(f, call.value), {Unit::Money, {}});
            if (call.kind == ir::ExternalCall::Kind::Raw && call.opcode == vm::Opcode::CALL)
                mark(node(f, call.arguments.data()[2]), {Unit::Money, {}});
            if (call.kind != ir::ExternalCall::Kind::Method) continue;
            const std::uint32_t selector = contract_.methods[call.method].selector;
            if (selector == transfer && call.arguments.size() == 2) mark(node(f, call.arguments[1]), {Unit::Money, {}});
            if (selector == transfer_from && call.arguments.size() == 3) mark(node(f, call.arguments[2]), {Unit::Money, {}});
            const auto& results = function.blocks[call.next.block].parameters;
            if (selector == balance_of && results.size() == call.next.arguments.size() + 1)
                mark(node(f, results.back().value), {Unit::Money, {}});
        }
    }

    // Of what nothing else is known: a computed number times another one, by 10,000.
    void mark_basis_points(std::uint32_t f) {
        const vm::Word whole{10'000};
        for (const ir::Block& block : contract_.functions[f].blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != Op::Div || constant(node(f, each.operands[1])) != whole) continue;
                const ir::Instruction* product = makers_[node(f, each.operands[0])];
                if (!product || product->op != Op::Mul) continue;
                const Node a = node(f, product->operands[0]), b = node(f, product->operands[1]);
                for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)})
                    if (is_computed(one) && !is_computed(other) && !constant(other)) mark(other, {Unit::Part, whole});
            }
    }
    [[nodiscard]] bool is_computed(Node at) const {
        const ir::Instruction* made = makers_[at];
        return made && (made->op == Op::Mul || made->op == Op::Div || made->op == Op::Add || made->op == Op::Sub);
    }

    // The same.
    void mark_keys(std::uint32_t f) {
        for (const ir::Block& block : contract_.functions[f].blocks)
            for (const ir::Instruction& each : block.instructions)
                for (const ir::PlaceStep& step : each.place.steps)
                    if (step.kind != ir::PlaceStep::Kind::Field) mark(node(f, each.operands[step.operand]), {Unit::Key, {}});
    }

    // `counts`: also what is counted one by one, and prices of it.
    void settle(bool counts) {
        for (bool changed = true; changed;) {
            changed = false;
            for (std::uint32_t f = 0; f < contract_.functions.size(); ++f)
                for (const ir::Block& block : contract_.functions[f].blocks)
                    for (const ir::Instruction& each : block.instructions) {
                        if (each.operands.size() != 2 || !each.result) continue;
                        const Node a = node(f, each.operands[0]), b = node(f, each.operands[1]), r = node(f, each.result);
                        if (each.op == Op::Add || each.op == Op::Sub) changed |= sum(each.op, a, b, r, counts);
                        if (each.op == Op::Div) changed |= quotient(a, b, r);
                        if (each.op == Op::Mul && counts) changed |= product(a, b, r);
                        if (compares(each.op) && counts) changed |= join_compared(a, b);
                    }
        }
    }

    bool join_compared(Node a, Node b) {
        const auto small = [&](Node each, Node other) {
            constexpr std::uint64_t most = 64;
            const auto word = constant(each);
            return word && !word->is_zero() && *word <= vm::Word{most} && is(other, Unit::Unknown) &&
                   mark(other, {Unit::Things, {}});
        };
        return small(a, b) || small(b, a);
    }

    bool sum(Op op, Node a, Node b, Node r, bool counts) {
        const bool adds = op == Op::Add;
        if (is(a, Unit::Instant)) {
            if (adds) return mark(b, {Unit::Span, {}}) | mark(r, {Unit::Instant, {}});
            if (is(r, Unit::Instant)) return mark(b, {Unit::Span, {}});
            if (is(b, Unit::Span)) return mark(r, {Unit::Instant, {}});
            return mark(b, constant(b) ? Measure{Unit::Span, {}} : Measure{Unit::Instant, {}}) |
                   mark(r, constant(b) ? Measure{Unit::Instant, {}} : Measure{Unit::Span, {}});
        }
        if (adds && is(b, Unit::Instant)) return mark(a, {Unit::Span, {}}) | mark(r, {Unit::Instant, {}});
        if (is(r, Unit::Instant) || is(b, Unit::Instant)) return false;  // which is which, is not known yet
        if (!counts && (constant(a) || constant(b) || is(r, Unit::Unknown)) && !is(a, Unit::Money) && !is(b, Unit::Money))
            return false;
        bool changed = false;
        const auto one = [&](Node each) { return constant(each) == vm::Word{1}; };
        if (!constant(a)) changed |= join(a, r);
        if (!constant(b)) changed |= join(b, r);
        if (counts && (one(a) || one(b))) changed |= mark(r, {Unit::Things, {}});
        return changed;
    }

    // x * part / whole, where whole is a constant.
    bool quotient(Node a, Node b, Node r) {
        constexpr std::uint64_t least = 100;
        const auto whole = constant(b);
        const ir::Instruction* product = makers_[a];
        if (!whole || *whole < vm::Word{least} || !product || product->op != Op::Mul) return false;
        const auto f = static_cast<std::uint32_t>(std::ranges::upper_bound(first_, a) - first_.begin() - 1);
        const Node x = node(f, product->operands[0]), y = node(f, product->operands[1]);
        // What is money itself, or what was computed if the result is.
        const auto is_money = [&](Node one, Node other) {
            return is(one, Unit::Money) || (is(r, Unit::Money) && is_computed(one) && !is_computed(other));
        };
        for (const auto& [one, other] : {std::pair(x, y), std::pair(y, x)})
            if (is_money(one, other) && !constant(other)) return mark(other, {Unit::Part, *whole}) | join(one, r);
        return false;
    }

    // Price times things, or the other way round.
    bool product(Node a, Node b, Node r) {
        if (!is(r, Unit::Money)) return false;
        for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)})
            if (is(one, Unit::Things) && !constant(other)) return mark(other, {Unit::Money, {}});
        return false;
    }

    // Of a constructor that decodes its arguments itself, the word that it loads.
    [[nodiscard]] std::optional<Node> value_of(std::uint32_t f, std::size_t parameter) const {
        const ir::Function& function = contract_.functions[f];
        if (function.blocks.empty()) return std::nullopt;
        const auto& parameters = function.blocks.front().parameters;
        if (!function.is_raw)
            return parameter < parameters.size() ? std::optional(node(f, parameters[parameter].value)) : std::nullopt;
        if (function.kind != ir::FunctionKind::Constructor || parameters.empty()) return std::nullopt;
        constexpr std::uint64_t word = 32;
        const auto offset = [&](ir::Value at) -> std::optional<std::uint64_t> {
            if (at == parameters.front().value) return 0;
            const ir::Instruction* sum = makers_[node(f, at)];
            if (!sum || sum->op != Op::Add || !(sum->operands[0] == parameters.front().value)) return std::nullopt;
            const auto added = constant(node(f, sum->operands[1]));
            return added && added->fits_u64() ? std::optional(added->low64()) : std::nullopt;
        };
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Evm && each.opcode == vm::Opcode::MLOAD && offset(each.operands[0]) == word * parameter)
                    return node(f, each.result);
        return std::nullopt;
    }

    const ir::Contract& contract_;
    std::vector<std::uint32_t> first_;  // by function: its first value
    std::vector<Node> parent_;
    std::vector<Measure> measures_;  // of what represents a class
    std::vector<const ir::Instruction*> makers_;
    std::map<std::vector<std::uint32_t>, Node> places_;
};

}  // namespace

Measures measures_of(const ir::Contract& contract) {
    if (contract.is_opaque) return {};
    return Units(contract).of_parameters();
}

}  // namespace interlock::analyzer
