// The search in breadth order by several processes, each with a part of the fingerprints.
//
// A fingerprint has an owner, who alone knows whether it is new. States stay with whoever found them: of each level the
// processes exchange fingerprints and what is new among them, and only where one has far more to expand than others do
// states travel, as the choices that lead to them. The counts are those of one process. Behind each level it can be written
// down how far the search has come; the next search of the same model with as many processes goes on from there.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "analyzer/engine/checkpoint.hpp"
#include "analyzer/engine/exchange.hpp"
#include "analyzer/engine/fingerprint_table.hpp"
#include "analyzer/engine/report.hpp"
#include "analyzer/engine/weights.hpp"

namespace interlock::analyzer::engine {

template <Model M>
class Distributed {
  public:
    using Choice = typename M::Choice;
    using Bytes = Exchange::Bytes;

    Distributed(const M& start, const Options& options)
        : start_(start), model_(start), options_(options), exchange_(*options.exchange), path_{0} {
        if (!options.checkpoints.empty())
            checkpoint_.emplace(options.checkpoints, exchange_.rank(), exchange_.size(),
                                mixed(start.fingerprint() + mixed(sizeof(Choice)) + weight(options.label)));
    }

    Report run() {
        begin();
        while (!is_over()) {
            balance();
            expand_level();
            finish_level();
        }
        const std::vector<std::uint64_t> sums = sums_of({generated_, taken_, table_.bytes(), memory()});
        report_.generated = sums[0];
        report_.taken = sums[1];
        report_.table_bytes = sums[2];
        report_.other_bytes = sums[3];
        return std::move(report_);
    }

  private:
    struct Node {
        std::uint32_t parent;  // in the level before
        Choice choice;
    };
    using Level = std::vector<Node>;
    struct Candidate {
        std::uint32_t node;
        Choice choice;
    };

    static constexpr std::size_t batch = 2048;  // states that are expanded between two exchanges
    static constexpr std::uint64_t worth_moving = 256;

    // --- numbers that all must know ---

    static void append(Bytes& bytes, std::uint64_t number) {
        const auto* raw = reinterpret_cast<const std::uint8_t*>(&number);
        bytes.insert(bytes.end(), raw, raw + sizeof number);
    }
    static std::uint64_t number_at(const Bytes& bytes, std::size_t place) {
        std::uint64_t number = 0;
        if ((place + 1) * sizeof number > bytes.size()) throw std::runtime_error("a process sent too little");
        std::memcpy(&number, bytes.data() + place * sizeof number, sizeof number);
        return number;
    }
    std::vector<Bytes> tell_all(const Bytes& bytes) {
        return exchange_.all_to_all(std::vector<Bytes>(exchange_.size(), bytes));
    }
    std::vector<std::uint64_t> sums_of(const std::vector<std::uint64_t>& numbers) {
        Bytes bytes;
        for (const std::uint64_t number : numbers) append(bytes, number);
        std::vector<std::uint64_t> sums(numbers.size());
        for (const Bytes& told : tell_all(bytes))
            for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += number_at(told, i);
        return sums;
    }

    // --- levels ---

    void begin() {
        levels_.push_back({Node{}});
        const bool owns_start = owner_of(start_.fingerprint()) == exchange_.rank();
        if (owns_start) add_fingerprint(start_.fingerprint());
        first_unexpanded_ = exchange_.rank() == 0 ? 0 : 1;
        generated_ = exchange_.rank() == 0 ? 1 : 0;
        report_.states = 1;
        if (!resume()) finish_counting();
    }

    [[nodiscard]] bool is_over() const { return report_.end != End::Complete || all_unexpanded_ == 0; }
    [[nodiscard]] std::size_t unexpanded() const { return levels_.back().size() - first_unexpanded_; }
    [[nodiscard]] unsigned owner_of(std::uint64_t fingerprint) const {
        return static_cast<unsigned>(fingerprint % exchange_.size());
    }
    bool add_fingerprint(std::uint64_t fingerprint) {
        if (!table_.insert(fingerprint)) return false;
        ++owned_;
        if (checkpoint_) fresh_.push_back(fingerprint);
        return true;
    }

    void expand_level() {
        next_.clear();
        for (std::size_t at = first_unexpanded_;;) {
            std::vector<Bytes> asked(exchange_.size());
            std::vector<std::vector<Candidate>> candidates(exchange_.size());
            const std::size_t end = std::min(at + batch, levels_.back().size());
            for (Bytes& bytes : asked) {
                append(bytes, levels_.back().size() - end);
                append(bytes, options_.deadline.has_passed() ? 1 : 0);
            }
            for (; at < end; ++at) expand(static_cast<std::uint32_t>(at), asked, candidates);
            const std::vector<Bytes> questions = exchange_.all_to_all(asked);
            std::vector<Bytes> answers(exchange_.size());
            std::uint64_t left = 0, stops = 0;
            for (unsigned from = 0; from < exchange_.size(); ++from) {
                left += number_at(questions[from], 0);
                stops += number_at(questions[from], 1);
                for (std::size_t i = 2; i < questions[from].size() / sizeof(std::uint64_t); ++i)
                    answers[from].push_back(add_fingerprint(number_at(questions[from], i)));
            }
            const std::vector<Bytes> answered = exchange_.all_to_all(answers);
            for (unsigned from = 0; from < exchange_.size(); ++from) {
                if (answered[from].size() != candidates[from].size()) throw std::runtime_error("a process sent too little");
                for (std::size_t i = 0; i < answered[from].size(); ++i)
                    if (answered[from][i] != 0) next_.push_back({candidates[from][i].node, candidates[from][i].choice});
            }
            const std::uint64_t states = sums_of({owned_})[0];
            if (stops > 0) report_.end = options_.deadline.is_interrupted() ? End::Interruption : End::Time;
            else if (states > options_.most_states) report_.end = End::States;
            if (left == 0 || report_.end != End::Complete) return;
        }
    }

    void expand(std::uint32_t node, std::vector<Bytes>& asked, std::vector<std::vector<Candidate>>& candidates) {
        go_to(node);
        choices_.clear();
        model_.choices([this](const Choice& choice) { choices_.push_back(choice); });
        generated_ += choices_.size();
        for (std::uint32_t broken = model_.broken() & ~noted_; broken != 0; broken &= broken - 1) {
            const auto property = static_cast<std::size_t>(std::countr_zero(broken));
            noted_ |= std::uint32_t{1} << property;
            found_.push_back({property, path_to(levels_.size() - 1, node)});
        }
        for (const Choice& choice : choices_) {
            const typename M::Undo undo = model_.apply(choice);
            const std::uint64_t fingerprint = model_.fingerprint();
            model_.undo(choice, undo);
            ++taken_;
            append(asked[owner_of(fingerprint)], fingerprint);
            candidates[owner_of(fingerprint)].push_back({node, choice});
        }
    }

    void finish_level() {
        levels_.push_back(std::move(next_));
        next_ = {};
        first_unexpanded_ = 0;
        agree_on_found();
        finish_counting();
        if (report_.end == End::Complete) write_checkpoint();
        if (levels_.size() > options_.most_levels && !is_over()) report_.end = End::Interruption;
    }

    void finish_counting() {
        const std::vector<std::uint64_t> sums = sums_of({unexpanded(), owned_});
        all_unexpanded_ = sums[0];
        report_.states = sums[1];
        report_.depth += all_unexpanded_ > 0;
    }

    // Of several ways to break a property that of the first process is kept, by all.
    void agree_on_found() {
        Bytes bytes;
        for (const auto& [property, path] : found_) append_path(bytes, property, path);
        found_.clear();
        for (const Bytes& told : tell_all(bytes)) {
            std::size_t at = 0;
            while (at < told.size()) {
                const auto [property, path] = read_path(told, at);
                if (std::ranges::count(report_.broken, property, &Broken::property) != 0) continue;
                noted_ |= std::uint32_t{1} << property;
                report_.broken.push_back({static_cast<std::size_t>(property), trace_of(start_, path)});
            }
        }
    }

    // --- states that travel ---

    // Whoever has more than its share gives the last of its states to those who have less.
    void balance() {
        Bytes size;
        append(size, unexpanded());
        std::vector<std::int64_t> surplus;
        for (const Bytes& told : tell_all(size)) surplus.push_back(static_cast<std::int64_t>(number_at(told, 0)));
        const auto share = static_cast<std::int64_t>(all_unexpanded_ / exchange_.size());
        if (std::ranges::max(surplus) - share <= std::max<std::int64_t>(worth_moving, share / 4)) return;
        for (std::int64_t& each : surplus) each -= share;
        std::vector<Bytes> given(exchange_.size());
        for (unsigned from = 0, to = 0; from < exchange_.size(); ++from)
            while (surplus[from] > 0) {
                while (to < exchange_.size() && surplus[to] >= 0) ++to;
                if (to == exchange_.size()) break;
                const std::int64_t count = std::min(surplus[from], -surplus[to]);
                surplus[from] -= count;
                surplus[to] += count;
                if (from != exchange_.rank()) continue;
                for (std::int64_t i = 0; i < count; ++i) {
                    const std::size_t node = levels_.back().size() - 1;
                    append_path(given[to], 0, path_to(levels_.size() - 1, node));
                    leave(static_cast<std::uint32_t>(node));
                    levels_.back().pop_back();
                }
            }
        for (const Bytes& taken : exchange_.all_to_all(given))
            for (std::size_t at = 0; at < taken.size();) add_path(read_path(taken, at).second);
    }

    // A way to a state of the last level becomes a part of all levels.
    void add_path(const std::vector<Choice>& path) {
        if (path.size() + 1 != levels_.size()) throw std::runtime_error("a way to a state has the wrong length");
        std::uint32_t parent = 0;
        for (std::size_t level = 1; level < levels_.size(); ++level) {
            levels_[level].push_back({parent, path[level - 1]});
            parent = static_cast<std::uint32_t>(levels_[level].size() - 1);
        }
    }

    static void append_path(Bytes& bytes, std::uint64_t number, const std::vector<Choice>& path) {
        append(bytes, number);
        append(bytes, path.size());
        const auto* raw = reinterpret_cast<const std::uint8_t*>(path.data());
        bytes.insert(bytes.end(), raw, raw + path.size() * sizeof(Choice));
    }
    static std::pair<std::uint64_t, std::vector<Choice>> read_path(const Bytes& bytes, std::size_t& at) {
        const auto number = [&] {
            std::uint64_t read = 0;
            if (bytes.size() - at < sizeof read) throw std::runtime_error("a way to a state is cut off");
            std::memcpy(&read, bytes.data() + at, sizeof read);
            at += sizeof read;
            return read;
        };
        const std::uint64_t first = number(), size = number();
        if ((bytes.size() - at) / sizeof(Choice) < size) throw std::runtime_error("a way to a state is cut off");
        std::vector<Choice> path(size);
        std::memcpy(static_cast<void*>(path.data()), bytes.data() + at, size * sizeof(Choice));
        at += size * sizeof(Choice);
        return {first, std::move(path)};
    }

    std::vector<Choice> path_to(std::size_t level, std::size_t node) const {
        std::vector<Choice> path;
        for (; level > 0; --level) {
            path.push_back(levels_[level][node].choice);
            node = levels_[level][node].parent;
        }
        std::ranges::reverse(path);
        return path;
    }

    // --- the model, led from state to state ---

    void go_to(std::uint32_t node) {
        std::size_t level = levels_.size() - 1;
        way_down_.clear();
        for (; level >= path_.size() || path_[level] != node; --level) {
            way_down_.push_back(node);
            node = levels_[level][node].parent;
        }
        for (; path_.size() > level + 1; path_.pop_back(), undos_.pop_back())
            model_.undo(levels_[path_.size() - 1][path_.back()].choice, undos_.back());
        for (; !way_down_.empty(); way_down_.pop_back()) {
            undos_.push_back(model_.apply(levels_[path_.size()][way_down_.back()].choice));
            path_.push_back(way_down_.back());
        }
    }

    // The state is given away: the model must not stand there.
    void leave(std::uint32_t node) {
        if (path_.size() != levels_.size() || path_.back() != node) return;
        model_.undo(levels_.back()[node].choice, undos_.back());
        path_.pop_back();
        undos_.pop_back();
    }

    // --- checkpoints ---

    void write_checkpoint() {
        if (!checkpoint_) return;
        Bytes content;
        for (const std::uint64_t number : {generated_, taken_, std::uint64_t{report_.depth}, unexpanded()})
            append(content, number);
        append(content, report_.broken.size());
        for (const Broken& broken : report_.broken) {
            append(content, broken.property);
            append(content, broken.trace.size());
            for (const std::uint32_t position : broken.trace) append(content, position);
        }
        for (std::size_t node = first_unexpanded_; node < levels_.back().size(); ++node)
            append_path(content, 0, path_to(levels_.size() - 1, node));
        const std::uint64_t level = levels_.size() - 1;
        const bool is_written = checkpoint_->write(level, owned_ - fresh_.size(), fresh_, content);
        fresh_.clear();
        if (sums_of({is_written ? 0U : 1U})[0] > 0) throw std::runtime_error("a checkpoint cannot be written");
        checkpoint_->forget(level - 1);
    }

    // Goes on from the last level that all have.
    bool resume() {
        if (!checkpoint_) return false;
        const std::optional<std::uint64_t> newest = checkpoint_->newest();
        Bytes told;
        append(told, newest.value_or(0));
        std::uint64_t level = UINT64_MAX;
        for (const Bytes& each : tell_all(told)) level = std::min(level, number_at(each, 0));
        std::vector<std::uint64_t> fingerprints;
        const std::optional<Bytes> content = level > 0 ? checkpoint_->read(level, fingerprints) : std::nullopt;
        if (sums_of({content ? 0U : 1U})[0] > 0) return false;
        for (const std::uint64_t fingerprint : fingerprints)
            if (add_fingerprint(fingerprint)) fresh_.clear();
        fresh_.clear();
        owned_ = fingerprints.size();
        std::size_t at = 0;
        const auto number = [&] { return number_at(*content, at++); };
        generated_ = number();
        taken_ = number();
        report_.depth = static_cast<std::uint32_t>(number());
        const std::uint64_t states = number(), broken = number();
        for (std::uint64_t i = 0; i < broken; ++i) {
            Broken each{number(), {}};
            for (std::uint64_t left = number(); left > 0; --left) each.trace.push_back(static_cast<std::uint32_t>(number()));
            noted_ |= std::uint32_t{1} << each.property;
            report_.broken.push_back(std::move(each));
        }
        levels_.resize(level + 1);
        std::size_t byte = at * sizeof(std::uint64_t);
        for (std::uint64_t i = 0; i < states; ++i) add_path(read_path(*content, byte).second);
        first_unexpanded_ = 0;
        const std::vector<std::uint64_t> sums = sums_of({unexpanded(), owned_});
        all_unexpanded_ = sums[0];
        report_.states = sums[1];
        return true;
    }

    [[nodiscard]] std::size_t memory() const {
        std::size_t bytes = 0;
        for (const Level& level : levels_) bytes += level.capacity() * sizeof(Node);
        return bytes;
    }

    const M& start_;
    M model_;
    const Options& options_;
    Exchange& exchange_;
    std::optional<Checkpoint> checkpoint_;
    FingerprintTable table_;
    std::uint64_t owned_ = 0;           // fingerprints in the table
    std::vector<std::uint64_t> fresh_;  // of these, those that no checkpoint has
    std::vector<Level> levels_;
    Level next_;
    std::size_t first_unexpanded_ = 0;  // of the last level
    std::uint64_t all_unexpanded_ = 1, generated_ = 0, taken_ = 0;
    std::uint32_t noted_ = 0;
    std::vector<std::pair<std::uint64_t, std::vector<Choice>>> found_;
    std::vector<std::uint32_t> path_, way_down_;
    std::vector<typename M::Undo> undos_;
    std::vector<Choice> choices_;
    Report report_;
};

}  // namespace interlock::analyzer::engine
