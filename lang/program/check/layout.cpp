// Lays storage out like solc: in order of declaration, small values share a slot from its low end while they fit;
// structs, mappings, bytes and strings start a new slot, and so does what follows a struct. (Solidity reference,
// "Layout of State Variables in Storage".)
#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/constant_integer.hpp"
#include "lang/program/check/declarations.hpp"

namespace interlock::lang {
namespace {

// Assigns places one after the other.
class Allocator {
  public:
    struct Position {
        BigInteger slot;
        unsigned offset = 0;
    };

    explicit Allocator(BigInteger first = 0) : slot_(std::move(first)) {}

    Position value(unsigned bytes) {
        if (used_ + bytes > 32) next_slot();
        const Position position{slot_, used_};
        used_ += bytes;
        return position;
    }
    Position whole(const BigInteger& slots) {
        if (used_ != 0) next_slot();
        const Position position{slot_, 0};
        slot_ += slots;
        return position;
    }
    [[nodiscard]] BigInteger end() const { return used_ == 0 ? slot_ : slot_ + 1; }

  private:
    void next_slot() { ++slot_, used_ = 0; }

    BigInteger slot_;
    unsigned used_ = 0;
};

class Layout {
  public:
    explicit Layout(Context& context)
        : context_(context), progress_(context.tree.structs.size()), sizes_(context.tree.structs.size()) {}

    void run() {
        for (std::uint32_t i = 1; i < context_.tree.structs.size(); ++i) size_of(StructId{i});
        for (const ContractId id : context_.tree.top_contracts) contract(id);
    }

  private:
    enum class Progress : std::uint8_t { New, Running, Done };

    // The most basic contract's variables come first.
    void contract(ContractId id) {
        const BigInteger first = first_slot(id);
        Allocator allocator(first), transient;
        std::uint64_t immutables = 0;
        ContractInfo& info = context_.info(id);
        for (auto base = info.linearization.rbegin(); base != info.linearization.rend(); ++base) {
            for (const VariableId member : context_.tree[*base].state_variables) {
                const Variable& variable = context_.tree[member];
                if (variable.is_constant || variable.is_ghost) continue;
                if (variable.is_immutable) {
                    info.state.push_back({member, vm::Word(immutables++), 0});
                    continue;
                }
                const Allocator::Position at = position(variable.is_transient ? transient : allocator, member);
                (variable.is_transient ? info.transient : info.state)
                    .push_back({member, to_word(at.slot), static_cast<std::uint8_t>(at.offset)});
            }
        }
        const bool is_full = allocator.end() - first >= BigInteger(1) << 256;
        check_limit(is_full ? allocator.end() + 1 : allocator.end(), context_.tree[id].name);
    }

    // Returns where `layout at e` begins; it applies only to the contract itself.
    BigInteger first_slot(ContractId id) {
        const Contract& contract = context_.tree[id];
        for (const ContractId base : context_.program[id].linearization) {
            if (base == id || !context_.tree[base].layout) continue;
            context_
                .report(code::bad_storage_layout, "a contract with a storage layout of its own cannot be a base",
                        contract.name.range)
                .secondary.push_back({context_.tree[base].name.range, "this one has one"});
        }
        if (!contract.layout) return 0;
        const SourceRange range = context_.tree[contract.layout].range;
        if (contract.kind != ContractKind::Contract) {
            context_.report(code::bad_storage_layout, "only a contract that can be deployed has a storage layout", range);
            return 0;
        }
        context_.names.enter(id);
        if (is_address(contract.layout)) {
            context_.report(code::bad_storage_layout, "storage begins at a number, and this is an address", range);
            return 0;
        }
        const std::optional<BigInteger> first = constant_integer(context_, contract.layout);
        if (first && *first >= 0 && bits_of(*first) <= 256) return *first;
        context_.report(code::bad_storage_layout, "storage must begin at a slot that is known here", range)
            .helps.push_back("write a number from 0 to 2**256 - 1");
        return 0;
    }

    // 40 hex digits are an address.
    [[nodiscard]] bool is_address(ExprId id) const {
        constexpr std::size_t length = 42;
        const Expr& expr = context_.tree[id];
        return expr.kind == ExprKind::Number && expr.text.starts_with("0x") && expr.text.size() == length;
    }

    Allocator::Position position(Allocator& allocator, VariableId id) {
        const TypeId type = context_.program[id].type;
        if (const auto slots = whole_slots(type)) return allocator.whole(*slots);
        return allocator.value(context_.types.storage_bytes(type));
    }

    // Returns the slots of types that start a slot and fill their last one: structs and arrays of fixed length.
    std::optional<BigInteger> whole_slots(TypeId id) {
        const Type type = context_.types[id];
        if (type.kind == TypeKind::Struct) return size_of(type.structure);
        if (type.kind != TypeKind::Array || type.is_dynamic) return std::nullopt;
        const BigInteger length = to_integer(type.length);
        if (const auto inner = whole_slots(type.value)) return BigInteger(length * *inner);
        const unsigned per_slot = 32 / context_.types.storage_bytes(type.value);
        return BigInteger((length + per_slot - 1) / per_slot);
    }

    BigInteger size_of(StructId id) {
        const std::uint32_t i = id.index;
        if (progress_[i] == Progress::Done) return sizes_[i];
        progress_[i] = Progress::Running;
        Allocator allocator;
        for (const VariableId field : context_.tree[id].fields) {
            if (is_endless(field)) report_endless(id, field);
            const Allocator::Position at = position(allocator, field);
            context_.info(field).slot = to_word(at.slot);
            context_.info(field).offset = static_cast<std::uint8_t>(at.offset);
        }
        progress_[i] = Progress::Done;
        sizes_[i] = std::max<BigInteger>(allocator.end(), 1);
        check_limit(sizes_[i], context_.tree[id].name);
        context_.program.struct_slots[i] = to_word(sizes_[i]);
        return sizes_[i];
    }

    bool is_endless(VariableId field) const {
        TypeId id = context_.program[field].type;
        while (context_.types.kind(id) == TypeKind::Array && !context_.types[id].is_dynamic) id = context_.types[id].value;
        const Type& type = context_.types[id];
        return type.kind == TypeKind::Struct && progress_[type.structure.index] == Progress::Running;
    }

    void report_endless(StructId id, VariableId field) {
        context_
            .report(code::endless_definition, fmt::format("struct `{}` contains itself", context_.tree[id].name.text),
                    context_.tree[field].range, "through this field")
            .helps.push_back("put a mapping in between, or keep the key of the other one");
        context_.info(field).type = {};
    }

    void check_limit(const BigInteger& end, const Name& name) {
        if (end <= BigInteger(1) << 256) return;
        context_.report(code::storage_too_large, fmt::format("`{}` needs more storage slots than can be used", name.text),
                        name.range);
    }

    Context& context_;
    std::vector<Progress> progress_;
    std::vector<BigInteger> sizes_;
};

}  // namespace

void lay_out_storage(Context& context) { Layout(context).run(); }

}  // namespace interlock::lang
