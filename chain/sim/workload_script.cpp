#include "chain/sim/workload_script.hpp"

#include <charconv>
#include <map>

#include "vm/bytes.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain::sim {

namespace {

constexpr std::uint64_t most_transactions = 100'000;
constexpr std::size_t most_arguments = 32;

std::vector<std::string_view> words_of(std::string_view line) {
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
        const std::vector<std::string_view> words = words_of(line);
        if (words.empty()) return {};
        if (words[0] == "transfers") return read_transfers(words);
        if (words[0] != "at") return "a line begins with `transfers` or `at TIME`, not with " + quoted(words[0]);
        const std::optional<Nanoseconds> time = words.size() > 1 ? parse_duration(words[1]) : std::nullopt;
        if (!time) return "behind `at` comes a time such as 300ms";
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

    std::string read_payment(Nanoseconds time, const std::string& who, const std::vector<std::string_view>& words) {
        const std::optional<std::uint64_t> wei = words.size() == 6 ? number(words[5]) : std::nullopt;
        if (!wei) return "`alice pays bob 5` is the form, in wei";
        (void)builder_.send(time, who, address_of(words[4]), Word(*wei), {});
        return {};
    }

    std::string read_deployment(Nanoseconds time, const std::string& who, const std::vector<std::string_view>& words) {
        if (words.size() != 6) return "`alice deploys counter 0x…` is the form, or a file in the place of the code";
        std::string text(words[5]);
        if (!text.starts_with("0x") && read_file_) {
            std::optional<std::string> content = read_file_(text);
            if (!content) return "the file " + quoted(text) + " cannot be read";
            text = *std::move(content);
            while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos) text.pop_back();
        }
        const std::optional<Bytes> code = vm::parse_hex(text);
        if (!code || code->empty()) return "the code is not in hexadecimal digits";
        contracts_[std::string(words[4])] = *builder_.send(time, who, std::nullopt, 0, *code);
        return {};
    }

    std::string read_call(Nanoseconds time, const std::string& who, const std::vector<std::string_view>& words) {
        const auto contract = contracts_.find(std::string(words[4]));
        if (contract == contracts_.end()) return "no line above deploys " + quoted(words[4]);
        if (words.size() < 6 || !words[5].ends_with(")")) return "a function is missing, such as `increment()`";
        if (words.size() - 6 > most_arguments) return "there are too many arguments";
        const Hash hash = vm::keccak256(ByteView(reinterpret_cast<const std::uint8_t*>(words[5].data()), words[5].size()));
        Bytes data(hash.bytes.begin(), hash.bytes.begin() + 4);
        for (std::size_t i = 6; i < words.size(); ++i) {
            const std::optional<std::uint64_t> value = number(words[i]);
            Bytes word(32);
            if (value)
                for (std::size_t byte = 0; byte < 8; ++byte) word[31 - byte] = static_cast<std::uint8_t>(*value >> 8 * byte);
            else {
                const Address address = address_of(words[i]);
                std::copy(address.bytes.begin(), address.bytes.end(), word.begin() + 12);
            }
            data.insert(data.end(), word.begin(), word.end());
        }
        (void)builder_.send(time, who, contract->second, 0, std::move(data));
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
    std::uint64_t count_ = 0, transfers_ = 0;
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
