#include "analyzer/bytecode/interface.hpp"

#include <algorithm>
#include <set>

#include "analyzer/bytecode/path.hpp"

namespace interlock::analyzer {

namespace {

using bytecode::Path, bytecode::Step, bytecode::Stepped, bytecode::Term, bytecode::Use, bytecode::Uses;
using Kind = Term::Kind;

constexpr std::size_t most_steps = 200'000;  // in the dispatcher, and in each function
constexpr std::size_t most_functions = 512;
constexpr std::uint32_t most_visits = 2;  // of one place

class Walk {
  public:
    Walk(const vm::Code& code, bool is_dispatch) : code_(code), is_dispatch_(is_dispatch) {}

    void run(Path start) {
        open_.push_back(std::move(start));
        while (!open_.empty()) {
            Path path = std::move(open_.back());
            open_.pop_back();
            follow(std::move(path));
        }
    }

    Uses uses;
    std::map<std::uint32_t, Path> functions;            // by selector: where they begin
    bool ends = false, ends_with_ether = false;         // a path that knows no selector succeeds
    bool ends_empty = false, ends_empty_ether = false;  // one for empty call data
    bool has_effects = false, is_incomplete = false;
    bool takes_ether = false;  // some path succeeds on which it was not tested that there is no ether

  private:
    void follow(Path path) {
        for (; steps_ < most_steps; ++steps_) {
            if (code_.is_jump_target(path.pc) && ++visits_[place_of(path)] > most_visits) return;
            Stepped next = bytecode::step(code_, path, uses);
            has_effects |= next.is_effect;
            switch (next.step) {
                case Step::Next: break;
                case Step::Fail: return;
                case Step::Lost: is_incomplete = true; return;
                case Step::Return: return end(path);
                case Step::Jump: path.pc = next.target; break;
                case Step::Branch:
                    if (!branch(path, next)) return;
                    break;
            }
        }
        is_incomplete = true;
    }

    // The pc and what may lie behind it: where the functions that are open return to.
    using Place = std::tuple<std::uint32_t, std::size_t, bool, bool, std::vector<std::uint32_t>>;
    Place place_of(const Path& path) const {
        std::vector<std::uint32_t> returns;
        for (const Term& each : path.stack)
            if (each.kind == Kind::Constant && vm::bit_length(each.word) <= 32 && code_.is_jump_target(each.word.low64()))
                returns.push_back(static_cast<std::uint32_t>(each.word.low64()));
        return {path.pc, path.stack.size(), path.has_no_ether, path.is_empty_call, std::move(returns)};
    }

    void end(const Path& path) {
        takes_ether |= !path.has_no_ether;
        (path.is_empty_call ? ends_empty : ends) = true;
        if (!path.has_no_ether) (path.is_empty_call ? ends_empty_ether : ends_with_ether) = true;
    }

    // Goes on where the condition leads, and keeps the other side. Returns false if the path ends.
    bool branch(Path& path, const Stepped& next) {
        Path jumped = path;
        jumped.pc = next.target;
        switch (next.condition.kind) {
            case Kind::Constant:
                if (!next.condition.word.is_zero()) path = std::move(jumped);
                return true;
            case Kind::IsSelector:
                if (!is_dispatch_) break;
                begin(next.condition, std::move(jumped));
                return true;
            case Kind::IsNoSelector:
                if (!is_dispatch_) break;
                begin(next.condition, std::move(path));
                path = std::move(jumped);
                return true;
            case Kind::Ether: path.has_no_ether = true; break;
            case Kind::NoEther: jumped.has_no_ether = true; break;
            case Kind::Size: path.is_empty_call = true; break;
            case Kind::NoSize: jumped.is_empty_call = true; break;
            default: break;
        }
        if (jumped.pc < code_.size()) open_.push_back(std::move(jumped));
        return true;
    }

    void begin(const Term& condition, Path path) {
        if (vm::bit_length(condition.word) > 32 || functions.size() >= most_functions) return;
        path.is_empty_call = false;
        functions.try_emplace(static_cast<std::uint32_t>(condition.word.low64()), std::move(path));
    }

    const vm::Code& code_;
    const bool is_dispatch_;
    std::vector<Path> open_;
    std::map<Place, std::uint32_t> visits_;
    std::size_t steps_ = 0;
};

std::string type_of(const Use& use) {
    const auto number = [](unsigned bits) { return std::to_string((bits + 7) / 8 * 8); };
    if (use.is_followed) {
        if (!use.is_list) return "bytes";
        return use.element_bits == 160 ? "address[]"
               : use.element_bits == 0 ? "uint256[]"
                                       : "uint" + number(use.element_bits) + "[]";
    }
    if (use.is_left) return "bytes" + std::to_string(std::max(1u, use.bits / 8));
    if (use.is_signed) return "int" + number(use.bits == 0 ? 256 : use.bits);
    if (use.bits == 160) return "address";
    if (use.bits == 1) return "bool";
    if (use.bits != 0) return "uint" + number(use.bits);
    return use.is_condition && !use.is_number ? "bool" : "uint256";
}

std::vector<std::string> parameters_of(const Uses& uses) {
    constexpr std::uint32_t most_parameters = 32;
    std::vector<std::string> types;
    for (const auto& [offset, use] : uses) {
        if (offset < 4 || (offset - 4) % 32 != 0) continue;
        const std::uint32_t index = (offset - 4) / 32;
        if (index >= most_parameters) break;
        types.resize(index, "uint256");
        types.push_back(type_of(use));
    }
    return types;
}

}  // namespace

ReadInterface read_interface(vm::ByteView runtime_code) {
    const auto code = vm::analyse(runtime_code);
    Walk dispatch(*code, true);
    dispatch.run({});
    ReadInterface found;
    for (auto& [selector, entry] : dispatch.functions) {
        Walk walk(*code, false);
        walk.run(std::move(entry));
        found.functions.push_back(
            {selector, parameters_of(walk.uses), walk.takes_ether, !walk.has_effects && !walk.is_incomplete});
    }
    found.has_fallback = dispatch.ends;
    found.has_receive = !dispatch.ends && dispatch.ends_empty;
    found.is_payable = dispatch.ends ? dispatch.ends_with_ether || dispatch.ends_empty_ether : dispatch.ends_empty_ether;
    return found;
}

std::vector<vm::Word> pushed_constants(vm::ByteView code) {
    std::set<vm::Word> constants;
    for (std::size_t pc = 0; pc < code.size(); pc += 1u + vm::info(code[pc]).immediate) {
        const std::size_t size = vm::info(code[pc]).immediate;
        if (size != 0 && pc + size < code.size()) constants.insert(vm::word_from_big_endian(code.subspan(pc + 1, size)));
    }
    return {constants.begin(), constants.end()};
}

}  // namespace interlock::analyzer
