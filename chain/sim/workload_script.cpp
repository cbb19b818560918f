#include "chain/sim/workload_script.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "vm/bytes.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain::sim {

namespace {

constexpr std::uint64_t most_transactions = 100'000;
constexpr std::uint64_t most_nodes = 10'000;
constexpr std::size_t most_arguments = 32, most_oracles = 100, most_questions = 100;

std::vector<std::string_view> split_line(std::string_view line) {
    line = line.substr(0, line.find('#'));
    std::vector<std::string_view> words;
    for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

class Script {
  public:
    explicit Script(const ReadFile& read_file) : read_file_(read_file) {}

    // Returns what is wrong with a line, or an empty text.
    std::string read(std::string_view line) {
        const std::vector<std::string_view> words = split_line(line);
        if (words.empty()) return {};
        if (words[0] == "transfers") return read_transfers(words);
        if (words[0] == "oracle") return read_oracle(words);
        if (words[0] == "show" || words[0] == "always") return read_question(words);
        if (words[0] == "fork") return read_fork(words);
        if (words[0] == "members") return read_members(std::nullopt, words, 1);
        if (words[0] != "at")
            return "a line begins with `transfers`, `oracle`, `show`, `always`, `members`, `fork` or `at TIME`, not with " +
                   quoted(words[0]);
        const std::optional<Nanoseconds> time = words.size() > 1 ? parse_duration(words[1]) : std::nullopt;
        if (!time) return "behind `at` comes a time such as 300ms";
        if (words.size() > 2 && words[2] == "members") return read_members(time, words, 3);
        if (words.size() < 5) return "who does what is missing, such as `alice pays bob 5`";
        if (++count_ > most_transactions) return too_many();
        const std::string who(words[2]);
        if (words[3] == "pays") return read_payment(*time, who, words);
        if (words[3] == "deploys") return read_deployment(*time, who, words);
        if (words[3] == "calls") return read_call(*time, who, words);
        return "an account pays, deploys or calls, but does not do " + quoted(words[3]);
    }

    Workload take() {
        Workload workload = builder_.take();
        if (count_ > 0) {
            workload.description += workload.description.empty() ? "" : "; ";
            workload.description += std::to_string(count_) + " of a script";
        }
        return workload;
    }

  private:
    static std::string quoted(std::string_view word) { return "`" + std::string(word) + "`"; }
    static std::string too_many() { return "there are more than " + std::to_string(most_transactions) + " transactions"; }

    static std::optional<std::uint64_t> number(std::string_view text) {
        std::uint64_t value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? std::optional(value) : std::nullopt;
    }

    // transfers COUNT every TIME [from TIME] [among ACCOUNTS]
    std::string read_transfers(const std::vector<std::string_view>& words) {
        const std::optional<std::uint64_t> count = words.size() > 1 ? number(words[1]) : std::nullopt;
        if (!count || words.size() % 2 != 0) return "`transfers 100 every 50ms from 1s among 10` is the form";
        transfers_ += *count;
        if (*count > most_transactions || transfers_ > most_transactions) return too_many();
        std::optional<Nanoseconds> interval = second, start;
        std::optional<std::uint64_t> accounts = 10;
        for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
            if (words[i] == "every") interval = parse_duration(words[i + 1]);
            else if (words[i] == "from") start = parse_duration(words[i + 1]);
            else if (words[i] == "among") accounts = number(words[i + 1]);
            else return "transfers have no " + quoted(words[i]) + ", but every, from and among";
            if (!interval || (words[i] == "from" && !start)) return quoted(words[i + 1]) + " is no time such as 50ms";
        }
        if (!accounts || *accounts == 0 || *accounts > 1000) return "transfers are among 1 to 1000 accounts";
        if (*interval > forever / static_cast<Nanoseconds>(most_transactions)) return "the transfers would take too long";
        builder_.transfers(*count, start.value_or(*interval), *interval, static_cast<std::uint32_t>(*accounts));
        return {};
    }

    static std::optional<Word> amount(std::string_view text) {
        constexpr std::pair<std::string_view, Word> units[] = {{"gwei", gwei}, {"ether", ether}, {"wei", 1}};
        for (const auto& [unit, wei] : units)
            if (text.ends_with(unit)) {
                const std::optional<std::uint64_t> value = number(text.substr(0, text.size() - unit.size()));
                return value ? std::optional(Word(*value) * wei) : std::nullopt;
            }
        const std::optional<std::uint64_t> value = number(text);
        return value ? std::optional(Word(*value)) : std::nullopt;
    }

    // What follows a function or a contract: arguments, then clauses of two words each.
    struct Tail {
        Bytes data;
        std::vector<std::size_t> count_at;
        Word value;
        std::optional<NodeId> via;
        Nanoseconds after = 0;
        bool waits_for_final = false;
    };

    static bool is_clause(std::string_view word) {
        return word == "with" || word == "via" || word == "after" || word == "when";
    }

    std::string read_tail(const std::vector<std::string_view>& words, std::size_t at, Tail& tail) {
        const std::size_t first = at;
        for (; at < words.size() && !is_clause(words[at]); ++at) {
            if (at - first == most_arguments) return "there are too many arguments";
            if (words[at] == "@") tail.count_at.push_back(tail.data.size());
            const std::optional<Word> value = words[at] == "@" ? Word(0) : amount(words[at]);
            const std::array<std::uint8_t, 32> bytes =
                vm::to_big_endian(value ? *value : vm::to_word(address_of(words[at])));
            tail.data.insert(tail.data.end(), bytes.begin(), bytes.end());
        }
        for (; at < words.size(); at += 2) {
            const std::string_view word = at + 1 < words.size() ? words[at + 1] : "";
            if (words[at] == "with") {
                const std::optional<Word> value = amount(word);
                if (!value) return "behind `with` comes an amount such as 1ether";
                tail.value = *value;
            } else if (words[at] == "via") {
                const std::optional<std::uint64_t> node = number(word);
                if (!node || *node > UINT32_MAX) return "behind `via` comes the number of a node";
                tail.via = static_cast<NodeId>(*node);
            } else if (words[at] == "after") {
                const std::optional<Nanoseconds> time = parse_duration(word);
                if (!time) return "behind `after` comes a time such as 300ms";
                tail.after = *time;
            } else if (words[at] == "when" && word == "final") tail.waits_for_final = true;
            else return "there is no " + quoted(words[at]) + " here, but with, via, after and `when final`";
        }
        return {};
    }

    static bool is_function(std::string_view word) {
        return word.find('(') != std::string_view::npos && word.ends_with(")");
    }

    static Bytes selector_of(std::string_view function) {
        const Hash hash = vm::keccak256(ByteView(reinterpret_cast<const std::uint8_t*>(function.data()), function.size()));
        return {hash.bytes.begin(), hash.bytes.begin() + 4};
    }

    // CONTRACT FUNCTION, from a word on.
    std::string find_function(const std::vector<std::string_view>& words, std::size_t at, Address& contract) {
        const std::string_view name = at < words.size() ? words[at] : "";
        const auto found = contracts_.find(std::string(name));
        if (found == contracts_.end()) return "no line above deploys " + quoted(name);
        if (at + 1 >= words.size() || !is_function(words[at + 1])) return "a function is missing, such as `increment()`";
        contract = found->second;
        return {};
    }

    std::string read_payment(Nanoseconds time, const std::string& who, const std::vector<std::string_view>& words) {
        const std::optional<Word> wei = words.size() >= 6 ? amount(words[5]) : std::nullopt;
        if (!wei) return "`alice pays bob 5` is the form, in wei, or `5ether`";
        Tail tail;
        if (std::string error = read_tail(words, 6, tail); !error.empty() || !tail.data.empty())
            return error.empty() ? "a payment has one amount" : error;
        (void)builder_.send(time, who, address_of(words[4]), *wei, {}, tail.via);
        return {};
    }

    std::string read_deployment(Nanoseconds time, const std::string& who, const std::vector<std::string_view>& words) {
        if (words.size() < 6) return "`alice deploys counter 0x…` is the form, or a file in the place of the code";
        std::string text(words[5]);
        if (!text.starts_with("0x") && read_file_) {
            std::optional<std::string> content = read_file_(text);
            if (!content) return "the file " + quoted(text) + " cannot be read";
            text = *std::move(content);
            while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos) text.pop_back();
        }
        std::optional<Bytes> code = vm::parse_hex(text);
        if (!code || code->empty()) return "the code is not in hexadecimal digits";
        Tail tail;
        if (std::string error = read_tail(words, 6, tail); !error.empty()) return error;
        code->insert(code->end(), tail.data.begin(), tail.data.end());
        const std::string name(words[4]);
        const Address address = *builder_.send(time, who, std::nullopt, tail.value, *std::move(code), tail.via);
        contracts_[name] = address;
        builder_.name(address, name);
        return {};
    }

    std::string read_call(Nanoseconds time, const std::string& who, const std::vector<std::string_view>& words) {
        Address contract;
        Tail tail;
        if (std::string error = find_function(words, 4, contract); !error.empty()) return error;
        tail.data = selector_of(words[5]);
        if (std::string error = read_tail(words, 6, tail); !error.empty()) return error;
        (void)builder_.send(time, who, contract, tail.value, std::move(tail.data), tail.via);
        return {};
    }

    // oracle ACCOUNT watches CONTRACT FUNCTION answers CONTRACT FUNCTION [ARGUMENT…] [after TIME] [when final] [via NODE]
    std::string read_oracle(const std::vector<std::string_view>& words) {
        if (words.size() < 8 || words[2] != "watches" || words[5] != "answers")
            return "`oracle omar watches game ask() answers game answer(uint256) 7 after 2s` is the form";
        if (++oracles_ > most_oracles) return "there are more than " + std::to_string(most_oracles) + " oracles";
        Oracle oracle;
        oracle.account = words[1];
        if (std::string error = find_function(words, 3, oracle.watched); !error.empty()) return error;
        if (std::string error = find_function(words, 6, oracle.answered); !error.empty()) return error;
        oracle.selector = selector_of(words[4]);
        Tail tail;
        tail.data = selector_of(words[7]);
        if (std::string error = read_tail(words, 8, tail); !error.empty()) return error;
        oracle.data = std::move(tail.data);
        oracle.count_at = std::move(tail.count_at);
        oracle.delay = tail.after;
        oracle.waits_for_final = tail.waits_for_final;
        builder_.oracle(std::move(oracle), tail.via);
        return {};
    }

    // show CONTRACT FUNCTION [ARGUMENT…], or `always` with a function that returns a bool
    std::string read_question(const std::vector<std::string_view>& words) {
        if (++questions_ > most_questions) return "there are more than " + std::to_string(most_questions) + " questions";
        Question question;
        question.is_rule = words[0] == "always";
        if (std::string error = find_function(words, 1, question.contract); !error.empty()) return error;
        Tail tail;
        tail.data = selector_of(words[2]);
        if (std::string error = read_tail(words, 3, tail); !error.empty()) return error;
        question.data = std::move(tail.data);
        for (std::size_t i = 1; i < words.size(); ++i) question.text += (i == 1 ? "" : " ") + std::string(words[i]);
        builder_.ask(std::move(question));
        return {};
    }

    // fork at HEIGHT moves ACCOUNT to ACCOUNT [by NODE…]
    std::string read_fork(const std::vector<std::string_view>& words) {
        const std::optional<std::uint64_t> height = words.size() > 2 ? number(words[2]) : std::nullopt;
        if (words.size() < 7 || words[1] != "at" || !height || *height == 0 || words[3] != "moves" || words[5] != "to" ||
            (words.size() > 7 && (words[7] != "by" || words.size() == 8)))
            return "`fork at 30 moves thief to rescue by 0 1 2` is the form, with the height of a block";
        ForkPlan plan{{*height, address_of(words[4]), address_of(words[6])}, {}};
        for (std::size_t at = 8; at < words.size(); ++at) {
            const std::optional<std::uint64_t> node = number(words[at]);
            if (!node || *node >= most_nodes) return quoted(words[at]) + " is no number of a node";
            plan.followers.push_back(static_cast<NodeId>(*node));
        }
        builder_.fork(std::move(plan));
        return {};
    }

    // [at TIME] members NODE…
    std::string read_members(std::optional<Nanoseconds> time, const std::vector<std::string_view>& words, std::size_t at) {
        std::vector<NodeId> members;
        for (; at < words.size(); ++at) {
            const std::optional<std::uint64_t> node = number(words[at]);
            if (!node || *node >= most_nodes) return quoted(words[at]) + " is no number of a node";
            if (std::ranges::count(members, *node) != 0) return quoted(words[at]) + " is a member already";
            members.push_back(static_cast<NodeId>(*node));
        }
        if (members.empty()) return "`at 3s members 1 2 3` is the form";
        if (!time) builder_.begin_with(std::move(members));
        else if (++count_ > most_transactions) return too_many();
        else builder_.change_members(*time, members);
        return {};
    }

    Address address_of(std::string_view name) {
        const auto contract = contracts_.find(std::string(name));
        if (contract != contracts_.end()) return contract->second;
        return builder_.address_of(std::string(name));
    }

    const ReadFile& read_file_;
    WorkloadBuilder builder_;
    std::map<std::string, Address> contracts_;
    std::uint64_t count_ = 0, transfers_ = 0, oracles_ = 0, questions_ = 0;
};

}  // namespace

std::variant<Workload, ScriptError> parse_workload(std::string_view text, const ReadFile& read_file) {
    Script script(read_file);
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (std::string error = script.read(text.substr(0, end)); !error.empty()) return ScriptError{line, std::move(error)};
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    Workload workload = script.take();
    if (workload.submissions.empty()) return ScriptError{0, "there are no transactions"};
    return workload;
}

}  // namespace interlock::chain::sim
