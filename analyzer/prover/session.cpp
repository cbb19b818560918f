#include "analyzer/prover/session.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

bool is_out_of_memory(std::string_view message) {
    return message.find("memout") != std::string_view::npos || message.find("out of memory") != std::string_view::npos;
}

// Ends the current query when its time is up. Z3's own limit counts work, not time, and the two can differ widely.
class QueryGuard {
  public:
    QueryGuard(z3::context& context, const Deadline& deadline) : context_(context), deadline_(deadline) {}
    QueryGuard(const QueryGuard&) = delete;
    QueryGuard& operator=(const QueryGuard&) = delete;

    ~QueryGuard() {
        if (!thread_.joinable()) return;
        set(State::Ended);
        thread_.join();
    }

    z3::check_result check(z3::solver& solver) {
        if (!thread_.joinable()) start();
        set(State::Asking);
        try {
            const z3::check_result result = solver.check();
            set(State::Idle);
            return result;
        } catch (...) {
            set(State::Idle);
            throw;
        }
    }

  private:
    enum class State : std::uint8_t { Idle, Asking, Ended };

    void start() {
        try {
            thread_ = std::thread([this] { watch(); });
        } catch (const std::system_error&) {  // there is no memory for the thread's stack
            throw std::bad_alloc();
        }
    }

    void set(State state) {
        {
            const std::lock_guard lock(mutex_);
            state_ = state;
        }
        if (state == State::Ended) changed_.notify_one();
    }

    // Interrupts the solver only when no further question will be asked, because an interrupted solver answers nothing
    // any more.
    void watch() {
        constexpr std::chrono::milliseconds interval{20};
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, interval, [this] { return state_ == State::Ended; }))
            if (state_ == State::Asking && deadline_.has_passed()) context_.interrupt();
    }

    z3::context& context_;
    const Deadline& deadline_;
    std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::Idle;
    std::thread thread_;
};

namespace {

Z3_context new_context() {
    z3::config defaults;
    const Z3_context context = Z3_mk_context_rc(defaults);
    if (context == nullptr) throw std::bad_alloc();
    return context;
}

}  // namespace

Context::Context() : context_(new_context()), scope_(context_) {}

Session::~Session() = default;

namespace {

bool writes_memory(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
                return each.op == ir::Op::Evm && ir::writes_of(each).contains(vm::Region::Memory);
            });
        });
    });
}

}  // namespace

Session::Session(const ir::Contract& contract_, const lang::Sources& sources_, const ProverOptions& options_,
                 const SlotAccesses& by_slot)
    : terms(context),
      contract(contract_),
      sources(sources_),
      options(options_),
      layout(contract_, options_.infers, by_slot),
      self(context.int_const("this")),
      length(context.function("length", context.int_sort(), context.int_sort())),
      contents_stay(!writes_memory(contract_)),
      solver_(context, z3::solver::simple()),
      deadline_(options_.deadline.within(options_.timeout_ms / 1000.0)),
      units_allowed_(options_.rlimit),
      guard_(std::make_unique<QueryGuard>(context, deadline_)) {
    z3::params limits(context);
    limits.set("rlimit", options.rlimit_per_query);
    limits.set("random_seed", 0u);
    limits.set("ctrl_c", false);  // or Z3 takes the signal for itself, and nobody else hears of it
    solver_.set(limits);
    assume(terms.in_range(self, ir::address_type));
}

void Session::push() {
    if (!is_over_) solver_.push();
    marks_.push_back({entries_.size(), assumed_.size()});
}

void Session::pop_to(unsigned depth) {
    if (marks_.size() <= depth) return;
    if (!is_over_) solver_.pop(static_cast<unsigned>(marks_.size()) - depth);
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(marks_[depth].entries), entries_.end());
    assumed_.erase(assumed_.begin() + static_cast<std::ptrdiff_t>(marks_[depth].assumed), assumed_.end());
    marks_.resize(depth);
}

void Session::assume(const z3::expr& formula) {
    if (formula.is_true()) return;
    solver_.add(formula);
    assumed_.push_back(formula);
}

void Session::check_time() const {
    if (deadline_.has_passed() || units_ > units_allowed_) throw OutOfTime{};
}

Obstacle Session::out_of_time() const {
    if (units_ > units_allowed_) return {"the proof reached its limit of work", contract.range};
    return {deadline_.is_interrupted() ? "the proof was interrupted" : "the time for the proof ran out", contract.range};
}

// Z3 counts them for the whole context.
void Session::count_units() {
    const z3::stats statistics = solver_.statistics();
    for (unsigned i = 0; i < statistics.size(); ++i)
        if (statistics.key(i) == "rlimit count") units_ = statistics.uint_value(i);
}

z3::check_result Session::check() {
    check_time();
    ++queries;
    const z3::check_result result = guard_->check(solver_);
    count_units();
    if (result != z3::unknown) return result;
    if (is_out_of_memory(solver_.reason_unknown())) throw std::bad_alloc();
    is_over_ = deadline_.has_passed();  // the solver may have been interrupted
    check_time();
    return result;
}

Session::Decision Session::prove(const z3::expr& goal) {
    const auto is_goal = [&goal](const z3::expr& known) { return z3::eq(known, goal); };
    if (goal.is_true() || std::any_of(assumed_.rbegin(), assumed_.rend(), is_goal)) return Decision::Proved;
    solver_.push();
    solver_.add(!goal);
    const z3::check_result result = check();
    solver_.pop();
    switch (result) {
        case z3::unsat: return Decision::Proved;
        case z3::sat: return Decision::Refuted;
        case z3::unknown: return Decision::Undecided;
    }
    return Decision::Undecided;
}

bool Session::satisfiable() { return check() == z3::sat; }

}  // namespace interlock::analyzer::prover
