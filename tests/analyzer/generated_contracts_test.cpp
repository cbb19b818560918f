// The callback-free proof against the explorer, on contracts that are made up: what is proved must not reach, by any
// re-entry, a state that no order of the same calls reaches. That is more than that nobody gains.
#include <random>
#include <utility>

#include "tests/sanitized.hpp"
#include "unserial_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// Writes contracts of two to four functions over a few variables, with locks that hold and locks that do not; sometimes
// two contracts that call each other.
class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    std::string contracts() {
        is_pair_ = below(3) == 0;
        is_keyed_ = below(3) == 0;
        has_list_ = below(4) == 0;
        has_phases_ = below(4) == 0;
        has_parts_ = below(4) == 0;
        has_stamps_ = below(3) == 0;
        has_purse_ = below(3) == 0;
        has_vault_ = !is_pair_ && below(6) == 0;
        has_claims_ = below(3) == 0;
        is_freed_ = below(3) == 0;
        has_turns_ = below(4) == 0;
        has_messages_ = below(4) == 0;
        has_loans_ = below(3) == 0;
        std::string text =
            "interface IHook { function hook(uint256) external returns (uint256); function see() external view "
            "returns (uint256); }\n";
        if (is_pair_) text += book();
        if (has_vault_) text += vault();
        return text + bank();
    }

  private:
    std::size_t below(std::size_t count) { return random_() % count; }
    std::string pick(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }

    std::string number(bool has_argument) {
        return pick({"1", "2", "a", "b", "due[msg.sender]", "uint256(small)", "pair[0]", "pair[1]", has_argument ? "x" : "3",
                     has_argument ? "msg.value" : "4", "address(this).balance"});
    }
    std::string place(bool has_argument) {
        if (is_keyed_ && below(2) == 0)
            return pick({has_argument ? "lots[x]" : "lots[1]", has_argument ? "due[who]" : "due[keeper]", "lots[1]",
                         "lots[small]", "due[msg.sender]", has_argument ? "lots[uint8(x)]" : "lots[a]"});
        if (has_list_ && below(2) == 0)
            return pick({"list[0]", has_argument ? "list[x]" : "list[1]", "list[a]",
                         has_argument ? "rows[x].n" : "rows[0].n", "rows[0].m", has_argument ? "rows[x].m" : "rows[1].m"});
        return pick({"a", "a", "b", "due[msg.sender]", "due[msg.sender]", "pair[0]", "pair[1]", "due[keeper]"});
    }

    std::string simple(bool has_argument) {
        if (is_pair_ && below(5) == 0)
            return pick({"book.add(msg.sender, 1);", "book.add(keeper, " + number(has_argument) + ");", "a = book.total();",
                         "b += book.tab(msg.sender);", "require(!book.shut());"});
        if (is_keyed_ && below(6) == 0)
            return pick({"held[", "held[", "busy["}) == "busy["
                       ? "busy[" + pick({"msg.sender", has_argument ? "who" : "keeper"}) + "] = " + pick({"true", "false"}) +
                             ";"
                       : "held[" + pick({has_argument ? "x" : "1", "1", "a"}) + "] = " + pick({"true", "false"}) + ";";
        if (has_list_ && below(5) == 0)
            return pick({"list.push(" + number(has_argument) + ");", "list.pop();", "rows.push(Row(1, 2, false));",
                         "rows.push(Row(" + number(has_argument) + ", 1, false));", "a = list.length;", "delete list;"});
        if (has_list_ && below(5) == 0)
            return pick({"rows[0].n += 1;", "{ Row storage r = rows[0]; r.m += 1; }",
                         "{ Row storage r = rows[0]; b = r.n; }",
                         "{ Row storage r = rows[pair[0]]; due[msg.sender] = r.m; }", "a = rows.length;"});
        if (has_turns_ && below(4) == 0) return turn();
        if (has_messages_ && below(2) == 0) return message(has_argument);
        if (has_loans_ && below(3) == 0) return capped(has_argument);
        if (has_phases_ && below(8) == 0)
            return pick({"until += 9;", "until = uint64(block.timestamp);", "require(block.timestamp < until);",
                         "require(block.timestamp >= until);"});
        if (has_parts_ && below(4) == 0) return of_own_part();
        if (has_stamps_ && below(3) == 0) return stamp(has_argument);
        if (has_claims_ && below(2) == 0) return claim(has_argument);
        if (has_vault_ && below(4) == 0)
            return pick({"vault.add(msg.sender, 1);", "vault.add(keeper, " + number(has_argument) + ");",
                         "b += vault.tab(msg.sender);", "a = vault.total();"});
        switch (below(9)) {
            case 0: return place(has_argument) + " = " + number(has_argument) + ";";
            case 1: return place(has_argument) + " += " + number(has_argument) + ";";
            case 2: return place(has_argument) + " -= " + number(has_argument) + ";";
            case 3: return "unchecked { " + place(has_argument) + " -= " + number(has_argument) + "; }";
            case 4:
                return "require(" + number(has_argument) + " " + pick({">", ">=", "==", "!="}) + " " + number(has_argument) +
                       ");";
            case 5: return "locked = " + pick({"true", "false"}) + ";";
            case 6: return "flag = " + pick({"true", "false", "!flag"}) + ";";
            case 7: return "small = " + pick({"1", "0", "small ^ 1"}) + ";";
            default: return "delete " + place(has_argument) + ";";
        }
    }

    // Locks by the lowest bit, or under a name that is computed; what only events tell, and who came last.
    std::string turn() {
        return pick({"turn++;", "unchecked { turn += 1; }", "require(turn & 1 == 0);", "require(turn & 1 == 1);",
                     "if (turn & 2 == 2) revert();", "require(!named(1));", "named_[nameOf(1)] = true;",
                     "named_[nameOf(1)] = false;", "named_[nameOf(small)] = true;", "emit Told(a, address(this).balance);",
                     "emit Told(due[msg.sender], told());", "latest = msg.sender;", "most = b;", "if (a > most) most = a;",
                     "if (a > most) { most = a; b = 1; }", "require(told() == 0);", "require(due_by(1));"});
    }

    // What is kept under hashes, whom a message comes from, what was counted for nobody, and what compares as before.
    std::string message(bool has_argument) {
        const std::string id = pick({has_argument ? "idOf(x)" : "idOf(1)", "idOf(1)", "idOf(small)", "idOf(a)"});
        return pick({"kept_[" + id + "] = " + number(has_argument) + ";", "kept_[" + id + "] += 1;",
                     "b = kept_[" + id + "];", "require(kept_[" + id + "] == 0);", "require(fate[" + id + "] == 0);",
                     "fate[" + id + "] = " + pick({"1", "2", "0"}) + ";",
                     has_argument ? "kept_[bytes32(x)] = 1;" : "kept_[bytes32(0)] = 1;", "if (whom == msg.sender) a = 7;",
                     "require(whom == address(0));", "whom = " + pick({"msg.sender", "keeper", "address(0)"}) + ";",
                     "calls++;", "unchecked { calls += 2; }", "require(calls < 9);",
                     "require(a " + pick({">=", "<", ">", "<="}) + pick({" goal", " goal", " b", " 3"}) + ");",
                     "require(b " + pick({">=", "<"}) + pick({" goal", " 3", " 2"}) + ");"});
    }

    // What is nobody's is claimed, and what somebody has changes hands; sometimes it is nobody's again.
    std::string claim(bool has_argument) {
        const std::string at = pick({has_argument ? "has[x]" : "has[1]", "has[a]", "has[small]", "has[1]"});
        const std::string to = pick({"1", "2", "2", has_argument ? "msg.value + 1" : "3"});
        switch (below(10)) {
            case 0:
            case 1:
            case 2: return "require(" + at + " == 0); " + at + " = " + to + ";";
            case 3: return "{ uint256 was = " + at + "; " + at + " = " + to + "; require(was == 0); }";
            case 4: return "{ uint256 was = " + at + "; if (was != 0) b = 1; " + at + " = " + to + "; require(was == 0); }";
            case 5: return "require(" + at + " != 0); " + at + " = " + to + ";";
            case 6: return "require(" + at + " == 1); " + pick({"b = 2;", "flag = true;", at + " = 2;"});
            case 7: return "if (" + at + pick({" == ", " != "}) + "0) " + pick({at + " = 1;", "b = 3;", "flag = true;"});
            case 8:
                return pick(
                    {"for (uint256 k; k < 2; ++k) { require(has[k] == 0); has[k] = 1; }", at + " = 1;", "b = " + at + ";"});
            default: return is_freed_ ? pick({"delete " + at + ";", at + " = small;", at + " = 0;"}) : at + " = 3;";
        }
    }

    // Writes of one same word, and of a word that looks as if it were; and what compares with it.
    std::string stamp(bool has_argument) {
        return pick({"last = block.timestamp;",
                     "last = block.number;",
                     "block_ = block.number;",
                     "day = uint64(block.timestamp);",
                     "day = uint8(block.timestamp);",
                     "any = true;",
                     "any = false;",
                     "by = msg.sender;",
                     has_argument ? "by = address(uint160(x));" : "by = keeper;",
                     "at[msg.sender] = block.timestamp;",
                     "require(block_ != block.number);",
                     "require(last < block.timestamp);",
                     "require(by != msg.sender);",
                     "if (any) " + place(false) + " += 1;",
                     "if (by == msg.sender) a += 1;",
                     "flag = !flag;",
                     "bolt[" + pick({"1", "1", "2", "small"}) + "] = " + pick({"true", "false"}) + ";",
                     "sealed_[" + pick({"msg.sig", "0x12345678"}) + "] = " + pick({"true", "false"}) + ";",
                     "require(!bolt[1]);",
                     "require(!sealed_[msg.sig]);",
                     "require(!any);"});
    }

    // The bank calls itself, and may go on after a failure; or a function of its own comes back to itself.
    std::string of_own_part() {
        return pick(
            {"try this.part() { a = 1; } catch { a = 2; }", "try this.part() {} catch (bytes memory r) { b = r.length; }",
             "{ (bool done, ) = address(this).call(abi.encodeCall(this.part, ())); b = done ? 1 : 2; }",
             "{ (bool done, ) = address(this).delegatecall(abi.encodeCall(this.part, ())); require(done); }",
             "{ (, bytes memory r) = address(this).call(abi.encodeCall(this.peek, ())); b = abi.decode(r, (uint256)); }",
             "step(2);", "require(msg.sender == tx.origin);", "this.part();"});
    }

    std::string parts() {
        const bool had_parts = std::exchange(has_parts_, false);
        const std::string text = "    function part() external { " +
                                 pick({"require(msg.sender == address(this)); ", "require(!locked); ", ""}) + simple(false) +
                                 " " + pick({"", "require(a > b);", "revert();", simple(false)}) +
                                 " }\n    function peek() external view { uint256 v = " + number(false) +
                                 "; assembly { mstore(0, v) revert(0, 32) } }\n"
                                 "    function step(uint256 n) internal { if (n == 0) return; " +
                                 simple(false) + " step(n - 1); " + simple(false) + " }\n";
        has_parts_ = had_parts;
        return text;
    }

    std::string statement(bool has_argument) {
        switch (below(8)) {
            case 0:
                return "if (" + pick({"flag", "locked", "a > b", "small == 1", "msg.sender == keeper"}) + ") { " +
                       simple(has_argument) + " }";
            case 1: return "for (uint256 i = 0; i < 2; i++) pair[i] " + pick({"+=", "="}) + " " + number(has_argument) + ";";
            case 2: return has_argument ? "help();" : simple(false);
            default: return simple(has_argument);
        }
    }

    // A place is read before the call and again after it, and only then written.
    std::string looked_at_twice(std::size_t before, std::size_t after) {
        const std::string at = place(true), amount = pick({"x", "seen", "1", "due[msg.sender]"});
        std::string text = "        uint256 seen = " + at + ";\n";
        for (std::size_t i = 0; i < before; ++i) text += "        " + statement(true) + "\n";
        text += "        " +
                pick({"require(seen >= x);", "require(" + at + " >= " + amount + ");", "require(seen > 0);",
                      "require(address(this).balance >= " + amount + ");", "if (seen < x) return;"}) +
                "\n";
        text += "        " + call() + "\n";
        text += "        " +
                pick({"require(" + at + " == seen);", "require(" + at + " >= " + amount + ");", "",
                      "assert(" + at + " == seen);", "if (" + at + " != seen) revert();"}) +
                "\n";
        text += "        " +
                pick({at + " -= " + amount + ";", at + " = seen - x;", at + " = 0;", at + " = seen + 1;",
                      "unchecked { " + at + " -= " + amount + "; }", at + " += x;"}) +
                "\n";
        for (std::size_t i = 0; i < after; ++i) text += "        " + statement(true) + "\n";
        return text;
    }

    std::string call() {
        const std::string amount = is_keyed_ && below(2)   ? pick({"lots[x]", "due[who]", "lots[1]"})
                                   : has_list_ && below(2) ? pick({"list[0]", "list[x]", "rows[x].n"})
                                                           : pick({"0", "x", "due[msg.sender]", "1"});
        if (below(3) == 0) return new_call(amount);
        switch (below(13)) {
            case 10: {
                const std::string at = place(true);
                return at + " -= " + amount + "; { (bool ok, ) = msg.sender.call{value: " + amount + "}(\"\"); if (" +
                       pick({"!ok", "!ok", "ok", "!ok || flag"}) + ") { " + at + pick({" += ", " += ", " = "}) + amount +
                       "; } }";
            }
            case 11:
                return "try IHook(msg.sender).hook(x) returns (uint256 got) { " +
                       pick({"require(got < 9);", "a = got;", "b += 1;", "if (got > 1) flag = true;", ""}) + " } catch { " +
                       pick({"b = 2;", "due[msg.sender] += x;", "return;", ""}) + " }";
            case 12:
                return "{ uint256 got = IHook(msg.sender).hook(x); if (got > 1 && got != 5) " +
                       pick({"revert(); }", "b = 1; }"});
            case 7: return "a = IHook(msg.sender).see();";
            case 8: return "b = IHook(msg.sender).hook(a);";
            case 9: return "IHook(msg.sender).hook(" + amount + ");";
            case 0: return "payable(msg.sender).transfer(" + amount + ");";
            case 1: return "msg.sender.call{value: " + amount + "}(\"\");";
            case 2: return "{ (bool ok, ) = msg.sender.call(abi.encode(a)); if (!ok) b += 1; }";
            case 3: return "{ (bool ok, ) = keeper.call{value: " + amount + "}(\"\"); require(ok); }";
            default: return "{ (bool ok, ) = msg.sender.call{value: " + amount + "}(\"\"); require(ok); }";
        }
    }

    // With little gas; with a failure that is found out elsewhere; a loan; one payment behind the other.
    std::string new_call(const std::string& amount) {
        const std::string at = place(true), gas = pick({"0", "2300", "5000", "8000", "8000", "100000"});
        const std::string paid = "paid(msg.sender, " + amount + ")";
        switch (below(8)) {
            case 0: return "{ (bool ok, ) = msg.sender.call{value: " + amount + ", gas: " + gas + "}(\"\"); require(ok); }";
            case 1: return "{ (bool ok, ) = msg.sender.call{gas: " + gas + "}(\"\"); if (!ok) b += 1; }";
            case 2:
                return at + " -= " + amount + "; if (" + pick({"", "a == 0 || ", "flag || "}) + pick({"!", "!", ""}) + paid +
                       ") " + at + pick({" += ", " = "}) + amount + ";";
            case 3:
                return "{ bool ok = " + pick({"", "a > 0 && ", "!flag && "}) + paid + "; if (" + pick({"!ok", "!ok", "ok"}) +
                       ") " + at + pick({" += ", " = "}) + amount + "; }";
            case 4:
                return "{ uint256 had = address(this).balance; " + pick({"locked = true; ", "", "flag = !flag; "}) +
                       "(bool ok, ) = msg.sender.call{value: " + pick({"1", "1 ether", amount}) + "}(\"\"); require(ok); " +
                       pick({"locked = false; ", "", "flag = !flag; "}) + "require(address(this).balance >= had); }";
            case 5:
                return "{ uint256 v = " + at + "; require(" + paid + "); " + pick({at + " = 0;", "delete " + at + ";"}) +
                       " }";
            case 6: return "require(" + paid + "); " + statement(true) + " payable(keeper).transfer(1);";
            default:
                return "{ uint256 v = due[msg.sender]; " + pick({"due[msg.sender] = 0; ", ""}) +
                       "(bool ok, ) = msg.sender.call{value: v}(\"\"); require(ok); " +
                       pick({"due[msg.sender] = 0; ", "due[msg.sender] = 0; ", ""}) + "}";
        }
    }

    // What the bank makes.
    std::string vault() {
        return "contract Vault {\n    uint256 public total; mapping(address => uint256) public tab; address boss = "
               "msg.sender;\n"
               "    function add(address who, uint256 n) external { " +
               pick({"require(msg.sender == boss); ", "require(msg.sender == boss); ", ""}) +
               pick({"tab[who] += n;", "tab[who] += n; total += n;", "total = n;", "tab[who] = n;"}) + " }\n}\n";
    }

    // Calls nobody but the bank, if it knows one.
    // What may not become more than a cap.
    std::string capped(bool has_argument) {
        const std::string by = has_argument ? "x" : "1", where = pick({"minted", "minted", "due[msg.sender]"});
        return pick({"require(" + where + " + " + by + " <= 3); " + where + " += " + by + ";",
                     where + " += " + by + "; require(" + where + " <= 3);",
                     "require(" + by + " <= 3 - " + where + "); " + where + " += " + by + ";",
                     "{ uint256 sum = " + where + " + " + by + "; if (sum > " + pick({"3", "2", "top"}) + ") revert(); " +
                         where + " = sum; }",
                     "require(" + where + " < 3); " + where + " += 1;", "require(" + where + " < top); " + where + " += 1;",
                     "if (a > 1) require(" + where + " + 1 <= 3); " + where + " += 1;", "require(" + where + " <= 2);",
                     "require(" + where + " + 1 <= 3);", where + " += " + by + ";", where + " -= 1;", "a = " + where + ";",
                     "top = " + by + ";"});
    }

    // What is lent for the time of a call, and taken back, or only some of it, or now and then.
    std::string loan() {
        const std::string where = pick({"due[msg.sender]", "due[msg.sender]", "minted", "lots[1]"});
        return "    function loan(uint256 x) external " + pick({"", "", "guarded "}) + "{ " + pick({"", "", simple(true)}) +
               " " + pick({"", "lent += x;", "lent += x; require(lent <= 3);"}) + " " + where + " += x; " +
               pick({"", "", simple(true)}) + " " + call() + " " + pick({"", "", simple(true)}) + " " +
               pick({where + " -= x;", where + " -= x;", where + " -= x;",
                     "require(" + where + " >= x); " + where + " -= x;", "if (a > 1) " + where + " -= x;",
                     "unchecked { " + where + " -= x; }", where + " -= 1;", "due[keeper] -= x;"}) +
               " " + pick({"", "lent -= x;", "lent -= x;"}) + " " + pick({"", "", simple(true)}) +
               " }\n    function spend(uint256 x) external { " + pick({"", simple(true)}) + " " + where + " -= x; " +
               pick({"due[keeper] += x;", "a += x;", "(bool ok, ) = msg.sender.call{value: x}(\"\"); require(ok);", ""}) +
               " }\n";
    }

    std::string book() {
        return "contract Book {\n    uint256 public total; mapping(address => uint256) public tab; bool public shut;\n"
               "    Bank bank; function open(Bank to) external { require(address(bank) == address(0)); bank = to; }\n"
               "    function add(address who, uint256 n) external " +
               std::string(below(2) ? "{ require(msg.sender == address(bank)); " : "{ ") +
               pick({"tab[who] += n;", "tab[who] += n; total += n;", "total = n;", "tab[who] = n; shut = n > 1 ether;"}) +
               " }\n    function touch() external { " +
               pick({"total += 1;", "tab[msg.sender] += bank.look();", "require(!shut); total = bank.look();", ""}) +
               " }\n}\n";
    }

    std::string bank() {
        std::string text =
            "contract Bank {\n    uint256 a; uint256 b; bool locked; uint256 status; uint8 small; bool flag;\n"
            "    uint256 transient passing;\n    mapping(address => uint256) due; mapping(address => bool) busy;\n"
            "    uint256[2] pair; address keeper = msg.sender;\n"
            "    modifier guarded() { require(!locked); locked = true; _; locked = false; }\n"
            "    modifier counted() { require(status != 2); status = 2; _; status = 1; }\n"
            "    modifier passed() { require(passing == 0); passing = 1; _; passing = 0; }\n"
            "    modifier own() { require(!busy[msg.sender]); busy[msg.sender] = true; _; busy[msg.sender] = false; }\n"
            "    modifier loose() { require(!locked); _; }\n"
            "    mapping(uint256 => uint256) has; mapping(uint256 => uint256) lots; mapping(uint256 => bool) held; "
            "uint256[] list;\n"
            "    struct Row { uint256 n; uint256 m; bool shut; } Row[] rows;\n"
            "    modifier lot(uint256 k) { require(!held[k]); held[k] = true; _; held[k] = false; }\n"
            "    modifier person(address k) { require(!busy[k]); busy[k] = true; _; busy[k] = false; }\n"
            "    modifier row(uint256 k) { Row storage r = rows[k]; require(!r.shut); r.shut = true; _; r.shut = false; }\n"
            "    uint64 until = uint64(block.timestamp) + 9; uint64 immutable end = uint64(block.timestamp) + 9;\n"
            "    modifier early() { require(block.timestamp < until); _; }\n"
            "    modifier due_() { require(block.timestamp <= until); _; }\n"
            "    modifier late() { if (until > block.timestamp) revert(); _; }\n"
            "    modifier before_() { require(block.timestamp < end); _; }\n"
            "    modifier after_() { require(isOver()); _; }\n"
            "    function isOver() internal view returns (bool) { return block.timestamp >= end; }\n"
            "    modifier kept() { require(msg.sender == keeper); _; }\n"
            "    uint256 last; uint256 block_; uint64 day; bool any; address by; mapping(address => uint256) at;\n"
            "    mapping(uint8 => bool) bolt; mapping(bytes4 => bool) sealed_;\n"
            "    modifier turned() { require(!flag); flag = !flag; _; flag = !flag; }\n"
            "    modifier bolted() { require(!bolt[1]); bolt[1] = true; _; bolt[1] = false; }\n"
            "    modifier sealing() { require(!sealed_[msg.sig]); sealed_[msg.sig] = true; _; sealed_[msg.sig] = false; }\n"
            "    modifier once() { require(block_ != block.number); block_ = block.number; _; }\n"
            "    modifier each() { require(at[tx.origin] < block.timestamp); at[tx.origin] = block.timestamp; _; }\n"
            "    modifier bare() { require(msg.sender.code.length == 0); _; }\n"
            "    modifier plain() { require(msg.sender == tx.origin); _; }\n"
            "    function paid(address to, uint256 v) internal returns (bool done) { (done, ) = to.call{value: v}(\"\"); }\n"
            "    uint256 turn; mapping(bytes32 => bool) named_; address latest; uint256 most; event Told(uint256 x, uint256 "
            "y);\n"
            "    function nameOf(uint256 x) internal view returns (bytes32) { return keccak256(abi.encode(address(this), "
            "x)); }\n"
            "    function named(uint256 x) internal view returns (bool) { return named_[nameOf(x)]; }\n"
            "    function told() internal view returns (uint256) { return a; }\n"
            "    function due_by(uint256 x) internal view returns (bool) { return lots[x] > 1 && b < 9; }\n"
            "    modifier alone() { require(turn & 1 == 0); turn++; _; turn++; }\n"
            "    modifier alone_() { uint256 t = ++turn; require(t & 1 == 1); _; turn = t + 1; }\n"
            "    modifier by_name() { require(!named(1)); named_[nameOf(1)] = true; _; named_[nameOf(1)] = false; }\n"
            "    modifier twice() { require(due_by(1)); _; require(due_by(1)); }\n"
            "    uint256 minted; uint256 lent; uint256 top = 3;\n"
            "    mapping(bytes32 => uint256) kept_; mapping(bytes32 => uint8) fate; address whom; uint256 calls; uint256 "
            "immutable goal = 2;\n"
            "    function idOf(uint256 x) internal pure returns (bytes32) { return keccak256(abi.encode(x, uint256(1))); }\n"
            "    modifier delivered(uint256 k) { bytes32 id = idOf(k); require(fate[id] == 0); fate[id] = 1; _; fate[id] = "
            "0; "
            "}\n"
            "    modifier for_() { address outer = whom; whom = msg.sender; _; whom = outer; }\n"
            "    modifier half_for() { address outer = whom; whom = msg.sender; _; if (a > 1) whom = outer; }\n"
            "    modifier won() { require(a >= goal); _; }\n"
            "    modifier missed() { require(a < goal); _; }\n"
            "    receive() external payable {}\n"
            "    function look() external view returns (uint256) { " +
            pick({"return a;", "require(!locked); return b;", "return address(this).balance;", "return due[msg.sender];"}) +
            " }\n";
        if (is_pair_) text += "    Book book; constructor(Book to) { book = to; }\n";
        if (has_list_)
            text += "    function grow() external payable { list.push(msg.value); rows.push(Row(msg.value, 1, false)); }\n";
        if (has_vault_) text += "    Vault vault = new Vault();\n";
        if (has_parts_) text += parts();
        text += "    function help() internal { " + statement(false) + " }\n";
        const std::string guard =
            is_keyed_ && below(2)       ? pick({"lot(x)", "lot(x)", "person(who)", "own"})
            : has_list_ && below(2)     ? "row(x)"
            : has_turns_ && below(2)    ? pick({"alone", "alone_", "by_name", "twice"})
            : has_messages_ && below(2) ? pick({"delivered(x)", "delivered(x)", "for_", "half_for", "won", "missed"})
            : has_stamps_ && below(2)   ? pick({"turned", "bolted", "sealing", "once", "each", "bare", "plain"})
                                        : pick({"", "", "guarded", "guarded", "counted", "passed", "own", "loose"});
        if (has_purse_) text += purse(guard);
        if (has_loans_) text += loan();
        const std::size_t functions = 2 + below(3);
        std::string phase;
        for (std::size_t i = 0; i < functions; ++i) {
            const bool has_call = i == 0 || below(3) == 0;
            if (has_phases_ && below(2))
                phase = pick({"early ", "due_ ", "late ", "before_ ", "after_ ", i == 0 ? "late " : "early ",
                              i == 0 ? "after_ " : "before_ "});
            else phase.clear();
            text += "    function f" + std::to_string(i) + (is_keyed_ ? "(uint256 x, address who)" : "(uint256 x)") +
                    " external payable " + phase +
                    (below(4) != 0 ? guard
                                   : pick({"", "guarded", "counted", "passed", "own", "kept", "loose",
                                           is_keyed_ ? "lot(1)" : "own", is_keyed_ ? "person(msg.sender)" : "loose",
                                           has_list_ ? "row(0)" : "", has_messages_ ? "for_" : "",
                                           has_messages_ ? "delivered(1)" : "loose", has_messages_ ? "missed" : "own"})) +
                    " {\n";
            const std::size_t before = below(3), after = below(3);
            if (has_call && below(3) == 0) {
                text += looked_at_twice(before, after);
            } else {
                for (std::size_t s = 0; s < before; ++s) text += "        " + statement(true) + "\n";
                if (has_call) text += "        " + call() + "\n";
                for (std::size_t s = 0; s < after; ++s) text += "        " + statement(true) + "\n";
                if (has_call && below(6) == 0) text += "        " + call() + "\n";
            }
            text += "    }\n";
        }
        return text + "}\n";
    }

    // Whoever pays in meets no lock, or half of one, and the withdrawal behind it clears what it paid only afterwards.
    std::string purse(const std::string& guard) {
        const std::string lock = guard.find('(') == std::string::npos ? guard : "guarded";
        const std::string where = pick({"due[msg.sender]", "due[msg.sender]", "a", "lots[1]"});
        return "    function put() external payable " + pick({"", "", "loose ", lock}) + " { " + where +
               pick({" += msg.value;", " += msg.value;", " = msg.value;", " -= 1;"}) + " " +
               pick({"", "", "", statement(false)}) + " }\n    function take() external " + pick({lock, lock, "guarded"}) +
               " { uint256 v = " + where + "; " + pick({"", "", statement(false)}) +
               " (bool ok, ) = msg.sender.call{value: v}(\"\"); require(ok); " + pick({"", "", statement(false)}) + " " +
               pick({where + " = 0;", where + " = 0;", "delete " + where + ";", where + " -= v;",
                     "if (v > 1) " + where + " = 0;"}) +
               " }\n";
    }

    std::mt19937_64 random_;
    bool is_pair_ = false, is_keyed_ = false, has_list_ = false, has_phases_ = false, has_parts_ = false;
    bool has_stamps_ = false, has_purse_ = false, has_vault_ = false, has_claims_ = false, is_freed_ = false,
         has_turns_ = false, has_messages_ = false, has_loans_ = false;
};

#ifdef INTERLOCK_IS_SLOW
constexpr std::uint64_t contracts_a_run = 400;  // under the sanitizers each takes ten times as long
#else
constexpr std::uint64_t contracts_a_run = 1'200;
#endif

TEST(GeneratedContracts, WhatIsProvedIsSerial) {
    std::size_t proved = 0, caught = 0, as_assumed = 0;
    const char* first = std::getenv("INTERLOCK_SEED");
    const std::uint64_t seed = first ? std::strtoull(first, nullptr, 10) : 1;
    const char* more = std::getenv("INTERLOCK_CONTRACTS");
    const std::uint64_t count = more ? std::strtoull(more, nullptr, 10) : contracts_a_run;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string source = Generator(seed * 1'000'003 + i).contracts();
        const Finding finding = examine(source);
        // A payment that was made with what came in meanwhile is what an assumption leaves out, or a list in another order.
        if (finding.is_proved && finding.is_unserial && finding.is_if_assumed) {
            ++as_assumed;
            if (std::getenv("INTERLOCK_SHOW")) std::cout << "as assumed " << i << ":\n" << source << finding.steps;
            continue;
        }
        EXPECT_FALSE(finding.is_proved && finding.is_unserial) << "contract " << i << " of seed " << seed << ":\n"
                                                               << source << finding.steps;
        proved += finding.is_proved;
        caught += finding.is_unserial;
    }
    // The test has teeth only if there are many of both.
    EXPECT_GE(proved, count / 20);
    EXPECT_GE(caught, count / 80);
    RecordProperty("proved", static_cast<int>(proved));
    RecordProperty("unserial", static_cast<int>(caught));
    std::cout << proved << " of " << count << " proved, " << caught << " reach states that calls in order do not, and "
              << as_assumed << " that are proved do as an assumption says\n";
}

}  // namespace
}  // namespace interlock::analyzer::tests
