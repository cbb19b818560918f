#include "analyzer/prover/state.hpp"

namespace interlock::analyzer::prover {

namespace {

// Keys are integers in Z3, so a bool key is 0 or 1.
z3::expr as_key(Session& session, const z3::expr& key) {
    return key.is_bool() ? choice(key, session.terms.number(1), session.terms.number(0)) : key;
}

z3::sort sort_of(Session& session, const Leaf& leaf) {
    z3::sort sort = session.terms.sort_of(leaf.value);
    for (std::size_t i = 0; i < leaf.keys.size(); ++i) sort = session.context.array_sort(session.context.int_sort(), sort);
    return sort;
}

z3::expr entry_of(const z3::expr& array, const std::vector<z3::expr>& keys) {
    z3::expr entry = array;
    for (const z3::expr& key : keys) entry = z3::select(entry, key);
    return entry;
}

bool same_keys(const std::vector<z3::expr>& a, const std::vector<z3::expr>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!z3::eq(a[i], b[i])) return false;
    }
    return true;
}

bool is_constant_array(const z3::expr& array) { return array.is_app() && array.decl().decl_kind() == Z3_OP_CONST_ARRAY; }

// Asserts what is true of the entry in the unknown array: its range, and its share of the sum. Any two entries with
// different keys together do not exceed the sum.
void look_at(Session& session, const Leaf& leaf, const Cell& cell, const std::vector<z3::expr>& keys) {
    if (is_constant_array(cell.base) || !has_range(leaf.value)) return;
    const bool bounded_sum = leaf.is_summed && leaf.value.kind == ir::TypeKind::Uint;
    for (const Session::Entry& other : session.entries()) {
        if (z3::eq(other.array, cell.base) && same_keys(other.keys, keys)) return;
    }
    const z3::expr entry = entry_of(cell.base, keys);
    session.assume(session.terms.in_range(entry, leaf.value));
    if (bounded_sum) {
        session.assume(entry <= cell.base_sum);
        for (const Session::Entry& other : session.entries()) {
            if (!z3::eq(other.array, cell.base)) continue;
            session.assume(either(equality(other.keys.front(), keys.front()), entry + other.value <= cell.base_sum));
        }
    }
    session.remember({cell.base, keys, entry});
}

std::vector<z3::expr> as_keys(Session& session, const std::vector<z3::expr>& keys) {
    std::vector<z3::expr> result;
    for (const z3::expr& key : keys) result.push_back(as_key(session, key));
    return result;
}

z3::expr written(const z3::expr& array, const std::vector<z3::expr>& keys, std::size_t from, const z3::expr& value) {
    if (from == keys.size()) return value;
    return z3::store(array, keys[from], written(z3::select(array, keys[from]), keys, from + 1, value));
}

}  // namespace

z3::expr zero(Session& session, const ir::Type& type) {
    return type.kind == ir::TypeKind::Bool ? session.terms.truth(false) : session.terms.number(0);
}

Cell unknown_cell(Session& session, LeafIndex index) {
    const Leaf& leaf = session.layout.leaves()[index];
    const z3::expr term = session.terms.fresh_of_sort(sort_of(session, leaf), leaf.name.c_str());
    if (leaf.keys.empty()) session.assume(session.terms.in_range(term, leaf.value));
    const z3::expr sum = leaf.is_summed ? session.terms.fresh_integer("sum") : session.terms.number(0);
    if (leaf.is_summed && leaf.value.kind == ir::TypeKind::Uint) session.assume(sum >= 0);
    return {term, term, sum, sum};
}

Cell cell_of_zeros(Session& session, LeafIndex index) {
    const Leaf& leaf = session.layout.leaves()[index];
    z3::expr term = zero(session, leaf.value);
    for (std::size_t i = 0; i < leaf.keys.size(); ++i) term = z3::const_array(session.context.int_sort(), term);
    const z3::expr sum = session.terms.number(0);
    return {term, term, sum, sum};
}

z3::expr unknown_balance(Session& session) {
    const z3::expr balance = session.terms.fresh_integer("balance");
    session.assume(session.terms.in_range(balance, ir::uint256_type));
    return balance;
}

namespace {

z3::expr unknown_moment(Session& session, const char* hint) {
    const z3::expr moment = session.terms.fresh_integer(hint);
    session.assume(session.terms.in_range(moment, ir::Type{ir::TypeKind::Uint, 64}));
    return moment;
}

State surroundings(Session& session) {
    return {{}, unknown_balance(session), unknown_moment(session, "timestamp"), unknown_moment(session, "block_number")};
}

}  // namespace

State unknown_state(Session& session) {
    State state = surroundings(session);
    for (LeafIndex leaf = 0; leaf < session.layout.leaves().size(); ++leaf) {
        state.cells.push_back(unknown_cell(session, leaf));
    }
    return state;
}

State state_at_creation(Session& session) {
    State state = surroundings(session);
    for (LeafIndex leaf = 0; leaf < session.layout.leaves().size(); ++leaf)
        state.cells.push_back(cell_of_zeros(session, leaf));
    return state;
}

z3::expr load(Session& session, const State& state, LeafIndex index, const std::vector<z3::expr>& operands) {
    const Leaf& leaf = session.layout.leaves()[index];
    const Cell& cell = state.cells[index];
    if (leaf.keys.empty()) return cell.term;
    const std::vector<z3::expr> keys = as_keys(session, operands);
    look_at(session, leaf, cell, keys);
    return entry_of(cell.term, keys);
}

void store(Session& session, State& state, LeafIndex index, const std::vector<z3::expr>& operands, const z3::expr& value) {
    const Leaf& leaf = session.layout.leaves()[index];
    Cell& cell = state.cells[index];
    if (leaf.keys.empty()) {
        cell.term = value;
        return;
    }
    const std::vector<z3::expr> keys = as_keys(session, operands);
    look_at(session, leaf, cell, keys);
    if (leaf.is_summed) cell.sum = cell.sum - entry_of(cell.term, keys) + value;
    cell.term = written(cell.term, keys, 0, value);
}

z3::expr same_content(const Cell& a, const Cell& b) { return equality(a.term, b.term); }

}  // namespace interlock::analyzer::prover
