// `interlock check` and `replay`, as a user meets them.
#include <nlohmann/json.hpp>

#include "process.hpp"
#include "tests/sanitized.hpp"

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

const std::string debit = "        unchecked { balances[msg.sender] -= amount; }\n";
const std::string pay =
    "        (bool ok, ) = msg.sender.call{value: amount}(\"\");\n        require(ok, \"payment failed\");\n";

Json verdict(const Finished& finished, const std::string& property) {
    const Json json = Json::parse(finished.out, nullptr, false);
    EXPECT_TRUE(json.is_object()) << finished.out << finished.err;
    for (const Json& each : json.value("verdicts", Json::array()))
        if (each["property"] == property) return each;
    ADD_FAILURE() << "no verdict on " << property << " in " << finished.out;
    return {};
}

class Check : public Command {
  protected:
    Finished check(const std::string& name, const std::string& source, const std::string& flags = "--json") {
        write(folder_ / name, source);
        return interlock("check " + name + " " + flags);
    }
};

TEST_F(Check, FindsTheTheftFromTheBankAndWritesATrace) {
    const Finished finished = check("bank.ilk", contract("bank.ilk"));
    EXPECT_EQ(finished.exit, 1) << finished.err;
    const Json solvent = verdict(finished, "solvent");
    EXPECT_EQ(solvent["verdict"], "EXPLOIT");
    EXPECT_EQ(solvent["kind"], "reentrancy");
    EXPECT_EQ(solvent["contract"], "Bank");
    EXPECT_TRUE(std::filesystem::exists(folder_ / solvent["trace"].get<std::string>()));
}

TEST_F(Check, NamesTheTraceOfAnInvariantWithoutANameSoThatAShellTakesItForOneWord) {
    std::string source = contract("bank.ilk");
    const std::size_t name = source.find("solvent:");
    ASSERT_NE(name, std::string::npos);
    const Finished finished = check("bank.ilk", source.erase(name, 8));
    EXPECT_EQ(verdict(finished, "invariant 1")["trace"], "interlock-out/bank.Bank.invariant_1.trace.json");
    EXPECT_EQ(interlock("check bank.ilk").out.find("invariant invariant"), std::string::npos);
}

TEST_F(Check, NamesASetUpThatIsNotThere) {
    const Finished missing = check("bank.ilk", contract("bank.ilk"), "--setup nosuch");
    EXPECT_EQ(missing.exit, 65);
    EXPECT_NE(missing.err.find("no scenario, and no contract with setUp(), called `nosuch`"), std::string::npos)
        << missing.err;
}

TEST_F(Check, FollowsTheRulesOfTheForkThatItIsGiven) {
    const Finished london = check("bank.ilk", contract("bank.ilk"), "--fork London --quick");
    EXPECT_EQ(london.exit, 1) << london.err;
    EXPECT_NE(london.out.find("by the rules of London"), std::string::npos) << london.out;
    EXPECT_EQ(interlock("replay interlock-out/bank.Bank.solvent.trace.json").exit, 0);
    EXPECT_EQ(interlock("check bank.ilk --quick").out.find("by the rules of"), std::string::npos);
    const Finished unknown = interlock("check bank.ilk --fork Camden");
    EXPECT_EQ(unknown.exit, 64);
    EXPECT_NE(unknown.err.find("there is no fork `Camden`"), std::string::npos) << unknown.err;
}

TEST_F(Check, FindsTheShortestAttackOneTransactionByMalloryWithOneReentry) {
    const Finished finished = check("bank.ilk", contract("bank.ilk"));
    const Json trace = Json::parse(contents(folder_ / verdict(finished, "solvent")["trace"].get<std::string>()));
    int attacks = 0, reentries = 0;
    for (const Json& transaction : trace["transactions"]) {
        attacks += transaction["attack"].get<bool>();
        for (const Json& call : transaction["calls"]) reentries += call.value("reentry", false) && call["to"] == "Bank";
    }
    EXPECT_EQ(attacks, 1);
    EXPECT_EQ(reentries, 1);
}

TEST_F(Check, AnswersInTheBankInLessThanFiftyMilliseconds) {
#ifdef INTERLOCK_SANITIZED
    GTEST_SKIP() << "a limit of time says nothing of a program with sanitizers";
#endif
    double best = 1;
    for (int i = 0; i < 5; ++i)
        best = std::min(best, Json::parse(check("bank.ilk", contract("bank.ilk")).out)["stats"]["seconds"].get<double>());
    EXPECT_LT(best, 0.050);
}

TEST_F(Check, ProvesTheFixedBankAndStatesItsBounds) {
    const Finished finished = check("bank_fixed.ilk", contract("bank_fixed.ilk"));
    EXPECT_EQ(finished.exit, 0);
    const Json solvent = verdict(finished, "solvent");
    EXPECT_EQ(solvent["verdict"], "SAFE");
    EXPECT_FALSE(solvent["assumptions"].empty());
    const Json bounds = Json::parse(finished.out)["stats"]["bounds"];
    for (const char* bound : {"transactions", "depth", "calls", "arguments", "states"}) EXPECT_GT(bounds[bound], 0) << bound;
    EXPECT_EQ(interlock("check bank_fixed.ilk --strict").exit, 0);
}

TEST_F(Check, ProvesTheMutexBank) {
    const Finished finished = check("bank_mutex.ilk", contract("bank_mutex.ilk"));
    EXPECT_EQ(finished.exit, 0);
    EXPECT_EQ(verdict(finished, "solvent")["verdict"], "SAFE");
    EXPECT_EQ(verdict(finished, "guarded")["verdict"], "SAFE");
}

TEST_F(Check, ProvesAccountingAndTheFixedDao) {
    for (const std::string name : {"accounting.ilk", "dao_fixed.ilk"}) {
        const Finished finished = check(name, contract(name), "--json --strict");
        EXPECT_EQ(finished.exit, 0) << name << finished.out;
    }
}

TEST_F(Check, FindsTheTheftFromTheDao) {
    const Finished finished = check("dao.ilk", contract("dao.ilk"));
    EXPECT_EQ(finished.exit, 1);
    EXPECT_EQ(finished.out.find("SAFE"), std::string::npos) << finished.out;
}

TEST_F(Check, RaisesNoAlarmWhereCheckedArithmeticRevertsTheTheft) {
    const Finished finished = check("bank_checked.ilk", contract("bank_checked.ilk"));
    EXPECT_EQ(finished.exit, 0);
    EXPECT_EQ(finished.out.find("EXPLOIT"), std::string::npos);
}

TEST_F(Check, ProvesThatNobodyGainsByCallingBackWhereNothingIsStated) {
    std::string source = contract("bank_fixed.ilk");
    source = replaced(source, "    invariant solvent: sum(balances) <= address(this).balance;\n", "");
    const Finished finished = check("bare.ilk", source);
    EXPECT_EQ(finished.exit, 0);
    const Json only = verdict(finished, "reentrancy");
    EXPECT_EQ(only["verdict"], "SAFE");
    EXPECT_EQ(only["kind"], "proved");
    EXPECT_NE(finished.out.find("as well come afterwards"), std::string::npos) << finished.out;
    EXPECT_EQ(interlock("check bare.ilk --strict").exit, 0);
}

TEST_F(Check, CallsNothingSafeThatIsNeitherStatedNorProved) {
    const Finished finished = check("late.ilk",
                                    "contract C { uint256 n; function f() external { uint256 at = n; "
                                    "(bool ok, ) = msg.sender.call(\"\"); require(ok); n = at + 1; } }");
    EXPECT_EQ(finished.exit, 0);
    const Json only = verdict(finished, "reentrancy");
    EXPECT_EQ(only["verdict"], "UNKNOWN");
    EXPECT_EQ(only["kind"], "no attack within bounds");
    EXPECT_NE(finished.out.find("what follows concerns n, as does f"), std::string::npos) << finished.out;
    EXPECT_EQ(interlock("check late.ilk --strict").exit, 2);
}

TEST_F(Check, FindsTheTheftAgainWhenTheFixIsUndone) {
    std::string source = contract("bank_fixed.ilk");
    source = replaced(source, debit + pay, pay + debit);
    const Finished finished = check("unfixed.ilk", source);
    EXPECT_EQ(finished.exit, 1);
    EXPECT_EQ(verdict(finished, "solvent")["verdict"], "EXPLOIT");
}

TEST_F(Check, FindsTheTheftFromABankThatStatesNothing) {
    std::string source = contract("bank.ilk");
    source = replaced(source, "    invariant solvent: sum(balances) <= address(this).balance;\n", "");
    const Finished finished = check("bare.ilk", source);
    EXPECT_EQ(finished.exit, 1);
    EXPECT_EQ(verdict(finished, "reentrancy")["verdict"], "EXPLOIT");
}

TEST_F(Check, CallsAnInvariantBrokenWithoutReentryByItsOwnKind) {
    const Finished finished = check("plain.ilk",
                                    "contract Counter {\n    uint256 public n;\n    invariant small: n < 1;\n"
                                    "    function inc() external { n += 1; }\n}\n");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_EQ(verdict(finished, "small")["kind"], "invariant");
    EXPECT_EQ(verdict(finished, "small")["id"], "I001");
}

TEST_F(Check, WritesSarifWithFindingsAndCompileErrors) {
    write(folder_ / "bad.ilk", "contract C { uint256 x = true; }");
    check("bank.ilk", contract("bank.ilk"), "bad.ilk --sarif out.sarif");
    const Json log = Json::parse(contents(folder_ / "out.sarif"));
    EXPECT_EQ(log["version"], "2.1.0");
    const Json& results = log["runs"][0]["results"];
    ASSERT_EQ(results.size(), 2u) << log.dump(1);
    EXPECT_EQ(results[0]["ruleId"], "R001");
    EXPECT_EQ(results[0]["properties"]["contract"], "Bank");
    EXPECT_TRUE(results[0]["properties"]["propertyIndex"].is_number()) << results[0].dump();
    EXPECT_EQ(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 21);
    EXPECT_EQ(results[1]["ruleId"], "E301");
}

TEST_F(Check, IsTheDefaultCommand) {
    write(folder_ / "bank.ilk", contract("bank.ilk"));
    EXPECT_EQ(interlock("bank.ilk").exit, 1);
}

class Replay : public Check {
  protected:
    void SetUp() override {
        Check::SetUp();
        trace_ = verdict(check("bank.ilk", contract("bank.ilk")), "solvent")["trace"];
        text_ = contents(folder_ / trace_);
    }

    // The trace with one character of a part of it changed.
    Finished tampered(const std::string& behind, char to) {
        std::string text = text_;
        const auto at = text.find(behind);
        EXPECT_NE(at, std::string::npos) << behind;
        text[at + behind.size()] = text[at + behind.size()] == to ? static_cast<char>(to ^ 1) : to;
        write(folder_ / "tampered.json", text);
        return interlock("replay tampered.json");
    }

    std::string trace_, text_;
};

TEST_F(Replay, RepeatsTheOutcomeExactly) {
    const Finished finished = interlock("replay " + trace_);
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    EXPECT_NE(finished.out.find("repeats exactly"), std::string::npos);
}

TEST_F(Replay, NoticesEveryChangedByteOfCodeAndOutcome) {
    for (const char* part : {"\"creation_data\": \"0x60", "\"runtime_code\": \"0x6080", "\"code_hash\": \"0x",
                             "\"gain\": \"", "\"after\": \"", "\"holds\": "}) {
        const Finished finished = tampered(part, '7');
        EXPECT_EQ(finished.exit, 1) << part;
        EXPECT_FALSE(finished.out.empty()) << part;
    }
}

TEST_F(Replay, SaysWhatDiffers) {
    EXPECT_NE(tampered("\"gain\": \"", '7').out.find("outcome.gain: the trace says 7"), std::string::npos);
}

TEST_F(Replay, NoticesAnyChangedByteOfTheOutcome) {
    const auto begin = text_.find("\"outcome\""), end = text_.find("\"source\"");
    ASSERT_LT(begin, end);
    for (std::size_t at = begin; at < end; at += 61) {
        std::string text = text_;
        text[at] = text[at] == 'x' ? 'y' : 'x';
        write(folder_ / "tampered.json", text);
        EXPECT_EQ(interlock("replay -q tampered.json").exit, 1) << "byte " << at;
    }
}

TEST_F(Replay, RefusesWhatIsNoTrace) {
    write(folder_ / "no.json", "{\"format\": 3}");
    EXPECT_EQ(interlock("replay no.json").exit, 1);
    write(folder_ / "no.json", "rubbish");
    EXPECT_EQ(interlock("replay no.json").exit, 1);
    EXPECT_EQ(interlock("replay nowhere.json").exit, 65);
}

// Whoever sends a trace decides what is in it.
TEST_F(Replay, NamesThePlaceOfWhatIsWrongInAFileThatIsNoTrace) {
    Json trace = Json::parse(text_);
    const auto expect = [&](const char* path, const Json& value, const std::string& message) {
        Json changed = trace;
        changed[Json::json_pointer(path)] = value;
        write(folder_ / "changed.json", changed.dump(1));
        const Finished finished = interlock("replay changed.json");
        EXPECT_EQ(finished.exit, 1) << path;
        EXPECT_NE(finished.out.find(message), std::string::npos) << path << "\n" << finished.out << finished.err;
    };
    expect("/format", 3, "format is no text");
    expect("/format", "interlock-trace-9", "it is not of the format interlock-trace-3");
    expect("/finding", Json::array(), "finding is no object");
    expect("/finding", Json::object(), "finding.id is missing");
    expect("/finding/property_kind", "promise", "finding.property_kind is no kind of property");
    expect("/finding/property_index", -1, "finding.property_index is no index");
    expect("/transactions", Json(std::vector<int>(5000)), "transactions has more than 1000 entries");
    expect("/transactions/0/value", "-1", "transactions[0].value is no amount");
    expect("/transactions/0/data", "0xzz", "transactions[0].data is not hexadecimal");
    expect("/transactions/0/attack", 1, "transactions[0].attack is neither true nor false");
    expect("/transactions/0/from", "no\033[31mbody", "nobody is called `no\xEF\xBF\xBD[31mbody`");
    expect("/source/text", "contract {", "its source does not compile");
    expect("/attacker/source", "contract {", "the attacker's contract does not compile");
    expect("/outcome/gain", "other\033[31m", "the trace says other\xEF\xBF\xBD[31m");
}

TEST_F(Replay, EndsQuicklyWithFilesMadeToHoldItUp) {
    std::string many = "{";
    for (int i = 0; i < 300'000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
    const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
    std::string wide = text_;
    wide.insert(wide.find('{') + 1, many.substr(1));
    for (const std::string& text : {many + "\"k\":0}", deep, "{\"format\":" + deep + "}", wide, std::string()}) {
        write(folder_ / "hostile.json", text);
        const Finished finished = interlock("replay hostile.json");
        EXPECT_EQ(finished.exit, 1) << text.substr(0, 60);
        EXPECT_LT(finished.out.size() + finished.err.size(), 4000u) << text.substr(0, 60);
        EXPECT_LT(finished.seconds, 5 * tests::slowness) << text.substr(0, 60);
    }
}

TEST_F(Replay, TakesSeveralTraces) {
    const Finished finished = interlock("replay -q " + trace_ + " " + trace_);
    EXPECT_EQ(finished.exit, 0);
    EXPECT_EQ(Json::parse(interlock("replay --json " + trace_ + " " + trace_).out).size(), 2u);
    EXPECT_EQ(Json::parse(interlock("replay --json " + trace_).out)["repeats"], true);
    EXPECT_EQ(interlock("replay -q " + trace_ + " nowhere.json").exit, 65);
}

}  // namespace
}  // namespace interlock::tests
