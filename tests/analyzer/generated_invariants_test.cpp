// Proofs of invariants against the explorer, on contracts that are made up of loops, arrays, storage by slot, memory, transient
// storage and calls: what is proved must not be broken by any run that the explorer finds. INTERLOCK_SEED makes others,
// INTERLOCK_ROUNDS says how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "analyzer/check.hpp"
#include "lang/compile.hpp"
#include "tests/sanitized.hpp"

namespace interlock::analyzer {
namespace {

class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    std::string contract() {
        is_calm_ = below(3) != 0;
        std::string text =
            "pragma solidity ^0.8.24;\n"
            "interface IHook { function hook(uint256) external payable returns (uint256); function told(bytes calldata) "
            "external; "
            "}\ncontract C {\n    struct Pair { uint256 n; uint256 k; }\n    uint256 x; uint256 y; uint256 z;\n"
            "    uint256[] list; Pair[] pairs; mapping(uint256 => uint256) m; mapping(uint256 => Pair) kept; Pair one;\n"
            "    bool locked;\n";
        for (const char* invariant :
             {"x == y", "x <= y", "x == 0", "z <= 3", "x + y <= 9", "list.length <= 2", "list.length == z", "sum(m) == z",
              "sum(m) <= address(this).balance", "one.k == x", "y == 0 || x == 0", "x <= address(this).balance"})
            if (below(3) == 0) text += std::string("    invariant ") + pick({"", "", "! "}) + invariant + ";\n";
        if (text.find("invariant") == std::string::npos) text += "    invariant x <= y;\n";
        text +=
            "    modifier lock() { require(!locked); locked = true; _; locked = false; }\n"
            "    modifier slot() { assembly { if eq(sload(0x77aa), 2) { revert(0, 0) } sstore(0x77aa, 2) } _; assembly { "
            "sstore(0x77aa, 1) } }\n"
            "    modifier brief() { assembly { if tload(5) { revert(0, 0) } tstore(5, 1) } _; assembly { tstore(5, 0) } }\n"
            "    function touch(Pair storage p, uint256 n) internal { p.k = n; if (n > 1) p.n += n; }\n"
            "    function both(uint256 n) internal { while (n > 0) { x++; y++; n--; } }\n"
            "    function deep(uint256 n) internal returns (uint256) { if (n > 2) return 2; z = n; return deep(n + 1); }\n";
        const std::size_t functions = 2 + below(3);
        for (std::size_t i = 0; i < functions; ++i) text += function(i);
        return text + "}\n";
    }

  private:
    std::size_t below(std::size_t count) { return random_() % count; }
    std::string pick(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }

    std::string number() {
        return pick(
            {"0", "1", "2", "n", "n", "x", "y", "z", "list.length", "m[n]", "one.k", "kept[n].k", "msg.value", "i", "w[0]"});
    }

    std::string simple() {
        if (is_calm_)  // in which more can be proved
            switch (below(9)) {
                case 0: return "x++; y++;";
                case 1: return "list.push(1); z++;";
                case 2:
                    return pick({"list.pop(); z -= 1;", "m[n] += 1; z += 1;", "m[n] += msg.value;", "require(m[n] >= 1);"});
                case 3:
                    return pick({"touch(kept[n], 2);", "pairs.push(Pair(n, 1));", "pairs[n].k = 3;", "touch(pairs[n], 1);"});
                case 4: return pick({"both(2);", "both(n % 3);", "deep(n);"});
                case 5: return pick({"x = 0; y = 0;", "one.k = x;", "y = x;", "require(list.length < 2); list.push(n);"});
                case 6:
                    return pick(
                        {"w[0] = n; x = w[0]; y = w[0];", "assembly { sstore(0x99, n) }", "assembly { tstore(n, 1) }"});
                case 7: return pick({"require(x < n);", "require(z < 3); z++;", "if (list.length > 1) list.pop();"});
                default: break;
            }
        switch (below(18)) {
            case 0: return pick({"x", "y", "z"}) + " = " + number() + ";";
            case 1: return pick({"x", "y", "z", "m[n]"}) + " += " + number() + ";";
            case 2: return pick({"x", "y", "z", "m[n]"}) + " -= " + number() + ";";
            case 3: return "x++; y++;";
            case 4: return "require(" + number() + pick({" < ", " <= ", " == ", " != "}) + number() + ");";
            case 5: return "list.push(" + number() + ");";
            case 6: return pick({"list.pop();", "if (list.length > 1) list.pop();", "delete list;", "list[n] = 1;"});
            case 7: return pick({"list.push(1); z++;", "list.pop(); z -= 1;", "m[n] += 1; z += 1;", "m[n] = 0;"});
            case 8: return "pairs.push(Pair(" + number() + ", 1));";
            case 9: return pick({"pairs[n].k = ", "kept[n].k = ", "one.n = ", "one.k = ", "w[1] = "}) + number() + ";";
            case 10: return pick({"touch(one, ", "touch(kept[n], ", "touch(pairs[n], "}) + number() + ");";
            case 11: return "both(" + pick({"1", "2", "n % 3"}) + ");";
            case 12: return "z = deep(n);";
            case 13:
                return "assembly { " +
                       pick({"sstore(x.slot, 1)", "sstore(add(x.slot, 1), 1)", "sstore(list.slot, 1)", "tstore(n, 1)",
                             "sstore(0x99, n)", "if tload(7) { sstore(x.slot, 3) }", "tstore(7, 1)", "mstore(w, n)"}) +
                       " }";
            case 14: return "y = x;";
            case 15: return pick({"x = 0; y = 0;", "z = 0;", "x = y;", "one.k = x;", "x = one.k;"});
            case 16:
                return pick({"w[0] = n; x = w[0]; y = w[0];", "z = w.length;", "Pair memory p = one; p.k = 7; one = p;"});
            default:
                return "if (" + number() + " > 1) { " + pick({"x = y;", "return;", "y = x;", "z = 1;", "revert();"}) + " }";
        }
    }

    std::string call() {
        return pick({"h.hook(x);", "y = h.hook(x);", "h.told(\"abc\");",
                     "if (address(this).balance > 0) h.hook{value: 1}(2);", "payable(msg.sender).transfer(0);",
                     "(bool ok,) = msg.sender.call{value: msg.value}(\"\"); require(ok);",
                     "assembly { pop(call(gas(), caller(), 0, 0, 0, 0, 0)) }"});
    }

    std::string statement(bool may_loop) {
        if (below(6) == 0) return "{ " + call() + " }";
        if (!may_loop || below(4) != 0) return "{ " + simple() + " }";
        std::string body = statement(false) + " " + statement(below(4) == 0);
        if (below(4) == 0) body += " if (x > 3) " + pick({"break;", "continue;", "return;"});
        return pick({"for (uint256 i = 0; i < 2; i++)", "for (uint256 i = 0; i < n; i++)",
                     "for (uint256 i = 0; i < list.length; i++)", "for (uint256 i = n; i > 0; i--)"}) +
               " { " + body + " }";
    }

    std::string function(std::size_t index) {
        std::string text = "    function f" + std::to_string(index) + "(uint256 n, IHook h) external payable " +
                           pick({"", "", "lock", "slot", "brief"}) + " {\n        uint256[2] memory w; uint256 i = n;\n";
        const std::size_t statements = 1 + below(4);
        for (std::size_t i = 0; i < statements; ++i) text += "        " + statement(true) + "\n";
        return text + "    }\n";
    }

    std::mt19937_64 random_;
    bool is_calm_ = false;
};

// Only where something was proved it is searched for what breaks it.
TEST(GeneratedInvariants, ThatAreProvedAreNotBroken) {
#ifdef INTERLOCK_IS_SLOW
    std::uint64_t count = 20;
#else
    std::uint64_t count = 100;
#endif
    if (const char* asked = std::getenv("INTERLOCK_ROUNDS")) count = std::strtoull(asked, nullptr, 10);
    const char* seed = std::getenv("INTERLOCK_SEED");
    const std::uint64_t first = seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
    CheckOptions options;
    options.bounds.transactions = 3;
    options.bounds.calls = 4;
    options.bounds.depth = 2;
    options.bounds.states = 3'000;
    options.bounds.macro_steps = 6'000;
    options.prover.infers = false;
    options.timeout_seconds = 0.5;
    int safe = 0, broken = 0, compiled = 0;
    for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
        const std::string text = Generator(first * 1'000'003 + i).contract();
        const auto compilation = std::make_shared<const lang::Compilation>(lang::compile("made_up.ilk", text));
        if (!compilation->ok()) continue;
        ++compiled;
        const ProofReport proof = prove(*compilation->artifacts.back().ir, *compilation->sources, options.prover);
        const auto is_safe = [](const PropertyProof& each) { return each.status == ProofStatus::Safe; };
        if (std::ranges::none_of(proof.properties, is_safe)) continue;
        const Report report = check(compilation, options);
        EXPECT_EQ(report.contradiction, "") << text;
        for (const PropertyVerdict& verdict : report.verdicts) {
            const PropertyProof* proved = proof.find(verdict.property);
            const bool is_proved = proved != nullptr && proved->status == ProofStatus::Safe;
            safe += is_proved ? 1 : 0;
            if (verdict.verdict != Verdict::Exploit) continue;
            ++broken;
            EXPECT_FALSE(is_proved) << verdict.property << " is proved and attacked:\n" << text;
        }
    }
    RecordProperty("compiled", compiled);
    RecordProperty("safe", safe);
    RecordProperty("broken", broken);
    EXPECT_GT(compiled, static_cast<int>(count) / 2);
    EXPECT_GT(safe, 0);
    EXPECT_GT(broken, 0);
}

}  // namespace
}  // namespace interlock::analyzer
