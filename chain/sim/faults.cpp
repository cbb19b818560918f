#include "chain/sim/faults.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace interlock::chain::sim {

namespace {

// What the words of a fault are behind its name.
enum class Form : std::uint8_t { Nodes, NodesAndDisk, Sides, Rate, Duration, NodesAndDuration, NodesAndRate };
struct Row {
    std::string_view name;
    Form form;
    bool is_byzantine = false;
};
// clang-format off
constexpr std::array<Row, Fault::kinds> rows{{
    {"crash", Form::NodesAndDisk},
    {"pause", Form::Nodes},
    {"partition", Form::Sides},
    {"clog", Form::Sides},
    {"drop", Form::Rate},
    {"duplicate", Form::Rate},
    {"corrupt", Form::Rate},
    {"delay", Form::Duration},
    {"skew", Form::NodesAndDuration},
    {"drift", Form::NodesAndRate},
    {"mute", Form::Nodes, true},
    {"equivocate", Form::Nodes, true},
    {"withhold", Form::Nodes, true},
    {"babble", Form::Nodes, true},
}};
constexpr std::array<std::string_view, 4> disks{"durable", "torn", "lost", "amnesia"};
struct Unit {
    std::string_view name;
    Nanoseconds size;
};
constexpr std::array<Unit, 6> units{{{"h", 3600 * second}, {"min", 60 * second}, {"s", second},
                                     {"ms", millisecond}, {"us", microsecond}, {"ns", 1}}};
// clang-format on

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const auto begin = line.find_first_not_of(" \t\r");
        if (begin == std::string_view::npos) return words;
        line.remove_prefix(begin);
        const auto end = std::min(line.find_first_of(" \t\r"), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

// A decimal number with at most nine digits behind the point, as a multiple of `unit`.
std::optional<std::int64_t> scaled(std::string_view text, std::int64_t unit) {
    const auto point = std::min(text.find('.'), text.size());
    std::uint32_t whole = 0;
    const auto read = std::from_chars(text.data(), text.data() + point, whole);
    if (point == 0 || read.ec != std::errc{} || read.ptr != text.data() + point) return std::nullopt;
    std::int64_t value = 0;
    if (__builtin_mul_overflow(std::int64_t{whole}, unit, &value)) return std::nullopt;
    if (point == text.size()) return value;
    const std::string_view digits = text.substr(point + 1);
    if (digits.empty() || digits.size() > 9) return std::nullopt;
    std::int64_t part = unit;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return std::nullopt;
        part /= 10;
        if (__builtin_add_overflow(value, (digit - '0') * part, &value)) return std::nullopt;
    }
    return value;
}

std::optional<std::int64_t> parse_rate(std::string_view text) {
    std::optional<std::int64_t> rate;
    if (text.ends_with("ppm")) rate = scaled(text.substr(0, text.size() - 3), 1);
    if (text.ends_with("%")) rate = scaled(text.substr(0, text.size() - 1), 10'000);
    return rate && *rate <= consensus::million ? rate : std::nullopt;
}

std::string rate_text(std::int64_t ppm) {
    return ppm % 10'000 == 0 ? std::to_string(ppm / 10'000) + "%" : std::to_string(ppm) + "ppm";
}

// Reads the words of one line.
class LineReader {
  public:
    LineReader(std::string_view line, std::uint32_t nodes) : words_(words_of(line)), nodes_(nodes) {}

    // Returns what is wrong, or an empty text.
    std::string read(Fault& fault) {
        if (!read_times(fault) || !read_kind(fault)) return error_;
        switch (rows[fault.kind].form) {
            case Form::Nodes: read_nodes(fault.nodes); break;
            case Form::NodesAndDisk: read_disk(fault); break;
            case Form::Sides: read_sides(fault); break;
            case Form::Rate: read_amount(fault, parse_rate(word()), "a rate such as 10% or 50ppm"); break;
            case Form::Duration: read_amount(fault, parse_duration(word()), "a duration such as 300ms"); break;
            case Form::NodesAndDuration:
                read_nodes(fault.nodes);
                read_amount(fault, signed_duration(word()), "a duration such as +2s or -300ms");
                break;
            case Form::NodesAndRate:
                read_nodes(fault.nodes);
                read_amount(fault, parse_rate(word()), "a rate such as 200ppm");
                break;
        }
        if (error_.empty() && at_ < words_.size()) fail("`" + std::string(words_[at_]) + "` is one word too many");
        return error_;
    }

  private:
    [[nodiscard]] std::string_view peek() const { return at_ < words_.size() ? words_[at_] : std::string_view{}; }
    std::string_view word() {
        const std::string_view word = peek();
        if (at_ < words_.size()) ++at_;
        return word;
    }
    bool fail(std::string message) {
        if (error_.empty()) error_ = std::move(message);
        return false;
    }

    bool read_time(Nanoseconds& time) {
        const std::string_view text = word();
        const std::optional<Nanoseconds> read = parse_duration(text);
        if (!read) return fail("a time such as 2s or 300ms should stand where `" + std::string(text) + "` does");
        time = *read;
        return true;
    }

    bool read_times(Fault& fault) {
        const std::string_view first = word();
        if (first != "at" && first != "from")
            return fail("a fault begins with `at TIME` or `from TIME to TIME`, not with `" + std::string(first) + "`");
        if (!read_time(fault.from)) return false;
        if (first == "at") return true;
        if (word() != "to") return fail("behind `from TIME` comes `to TIME`");
        if (!read_time(fault.until)) return false;
        return fault.from < fault.until || fail("the fault ends before it begins");
    }

    bool read_kind(Fault& fault) {
        const std::string_view name = word();
        const auto found = std::ranges::find(rows, name, &Row::name);
        if (found != rows.end()) return fault.kind = static_cast<Fault::Kind>(found - rows.begin()), true;
        std::string known;
        for (const Row& row : rows) known += (known.empty() ? "" : ", ") + std::string(row.name);
        return fail("there is no fault `" + std::string(name) + "`, but " + known);
    }

    void read_nodes(std::vector<NodeId>& nodes) {
        for (NodeId node = 0; !peek().empty(); ++at_) {
            const std::string_view text = peek();
            const auto read = std::from_chars(text.data(), text.data() + text.size(), node);
            if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) break;
            if (node >= nodes_)
                return void(fail("there is no node " + std::string(text) + "; the last is " + std::to_string(nodes_ - 1)));
            if (!std::ranges::count(nodes, node)) nodes.push_back(node);
        }
        if (nodes.empty()) fail("a node's number is missing");
    }

    void read_disk(Fault& fault) {
        read_nodes(fault.nodes);
        if (peek().empty() || !error_.empty()) return;
        const std::string_view name = word();
        const auto found = std::ranges::find(disks, name);
        if (found == disks.end())
            return void(fail("a crash is durable, torn, lost or amnesia, not `" + std::string(name) + "`"));
        fault.disk = static_cast<Fault::Disk>(found - disks.begin());
    }

    void read_sides(Fault& fault) {
        read_nodes(fault.nodes);
        const std::string_view sign = word();
        if (sign != "|" && sign != ">") return void(fail("between both sides stands | or >"));
        fault.is_one_way = sign == ">";
        read_nodes(fault.others);
        for (const NodeId node : fault.nodes)
            if (std::ranges::count(fault.others, node)) fail("node " + std::to_string(node) + " is on both sides");
    }

    static std::optional<std::int64_t> signed_duration(std::string_view text) {
        const bool is_negative = text.starts_with('-');
        if (is_negative || text.starts_with('+')) text.remove_prefix(1);
        const std::optional<Nanoseconds> read = parse_duration(text);
        return read && is_negative ? -*read : read;
    }

    void read_amount(Fault& fault, std::optional<std::int64_t> amount, std::string_view what) {
        if (!amount) fail(std::string(what) + " is missing");
        else fault.amount = *amount;
    }

    std::vector<std::string_view> words_;
    std::uint32_t nodes_;
    std::size_t at_ = 0;
    std::string error_;
};

}  // namespace

std::string_view name_of(Fault::Kind kind) { return rows[kind].name; }
bool is_byzantine(Fault::Kind kind) { return rows[kind].is_byzantine; }

std::optional<Nanoseconds> parse_duration(std::string_view text) {
    const auto letters = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto unit = std::ranges::find(units, text.substr(letters), &Unit::name);
    if (unit == units.end()) return std::nullopt;
    const std::optional<std::int64_t> value = scaled(text.substr(0, letters), unit->size);
    return value && *value <= 1'000'000 * second ? value : std::nullopt;
}

std::string duration_text(Nanoseconds duration) {
    if (duration == 0) return "0s";
    for (const Unit& unit : units)
        if (duration % unit.size == 0) return std::to_string(duration / unit.size) + std::string(unit.name);
    return {};
}

std::string text_of(const Fault& fault) {
    std::string text = fault.until == forever ? "at " + duration_text(fault.from)
                                              : "from " + duration_text(fault.from) + " to " + duration_text(fault.until);
    text += " " + std::string(name_of(fault.kind));
    const auto append = [&text](const std::vector<NodeId>& nodes) {
        for (const NodeId node : nodes) text += " " + std::to_string(node);
    };
    append(fault.nodes);
    switch (rows[fault.kind].form) {
        case Form::Nodes: break;
        case Form::NodesAndDisk: text += " " + std::string(disks[fault.disk]); break;
        case Form::Sides:
            text += fault.is_one_way ? " >" : " |";
            append(fault.others);
            break;
        case Form::Rate:
        case Form::NodesAndRate: text += " " + rate_text(fault.amount); break;
        case Form::Duration: text += " " + duration_text(fault.amount); break;
        case Form::NodesAndDuration:
            text += (fault.amount < 0 ? " -" : " +") + duration_text(fault.amount < 0 ? -fault.amount : fault.amount);
            break;
    }
    return text;
}

std::string text_of(const std::vector<Fault>& faults) {
    std::string text;
    for (const Fault& fault : faults) text += text_of(fault) + "\n";
    return text;
}

std::variant<std::vector<Fault>, ScriptError> parse_faults(std::string_view text, std::uint32_t nodes) {
    std::vector<Fault> faults;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, std::min(text.find('#'), end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        Fault fault;
        if (std::string wrong = LineReader(line, nodes).read(fault); !wrong.empty())
            return ScriptError{number, std::move(wrong)};
        faults.push_back(std::move(fault));
    }
    return faults;
}

}  // namespace interlock::chain::sim
