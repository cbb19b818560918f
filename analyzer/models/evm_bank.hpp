// EVMBank: a bank of the DAO's kind, and users of whom each may be the thief.
//
// Users deposit, transfer and withdraw. A withdrawal pays the user, who has control then: she may return, or call the
// bank again. The bank debits her when she returns, or, where `fixed`, before it pays. Transactions are atomic: one call
// stack at a time. A step is a run from one choice to the next. (The search space of a re-entrancy analysis, without a VM.)
#pragma once

#include <algorithm>
#include <array>
#include <cassert>

#include "analyzer/engine/model.hpp"
#include "analyzer/engine/weights.hpp"

namespace interlock::analyzer::models {

class EvmBank {
  public:
    static constexpr int most_users = 6, most_depth = 12;

    struct Parameters {
        int users = 3;              // N
        int credit = 2;             // D: what each has in the bank at the start
        int surplus = 2;            // V: what the bank has besides
        int transactions = 3;       // T
        int depth = 3;              // MAXD: withdrawals inside one another
        int amount = 2;             // AMAX: the most that one call moves
        bool fixed = false;         // FIXED: debits before it pays
        bool is_symmetric = false;  // states that differ only by who is who have one fingerprint
    };

    static constexpr engine::Property properties[] = {
        {"Conservation", "the pot and all wallets are what they were at the start"},
        {"Solvent", "the pot covers all credits whenever nobody is inside"},
        {"NoTheft", "the wallets hold no more than was deposited whenever nobody is inside"},
    };

    enum class Act : std::uint8_t { Deposit, Withdraw, Transfer, Return };
    struct Choice {
        Act act{};
        std::uint8_t user = 0, to = 0, amount = 0;  // of a transfer `to` is another user, else the same
        friend bool operator==(const Choice&, const Choice&) = default;
    };
    struct Undo {};

    explicit EvmBank(const Parameters& parameters) : is_(parameters) {
        assert(is_.users <= most_users && is_.depth <= most_depth);
        for (int user = 0; user < is_.users; ++user) add_to_credit(user, is_.credit);
        add_to_pot(money(is_));
        add_to_left(is_.transactions);
    }

    template <class Visit>
    void choices(Visit&& visit) const {
        if (depth_ == 0) {
            if (left_ == 0) return;
            for (int user = 0; user < is_.users; ++user) calls(user, visit);
            return;
        }
        const Frame& top = stack_[depth_ - 1];
        if (depth_ < is_.depth) calls(top.user, visit);
        visit(Choice{Act::Return, top.user, top.user, top.amount});
    }

    // A choice holds all that it needs to be taken back.
    Undo apply(const Choice& choice) {
        if (choice.act != Act::Return && depth_ == 0) add_to_left(-1);
        make<1>(choice);
        return {};
    }
    void undo(const Choice& choice, Undo) {
        make<-1>(choice);
        if (choice.act != Act::Return && depth_ == 0) add_to_left(1);
    }

    [[nodiscard]] std::uint64_t fingerprint() const { return engine::mixed(is_.is_symmetric ? symmetric_sum() : sum_); }

    [[nodiscard]] std::uint32_t broken() const {
        int credits = 0, wallets = 0;
        for (int user = 0; user < is_.users; ++user) credits += credit_[user], wallets += wallet_[user];
        const bool is_conserved = pot_ + wallets == money(is_);
        const bool is_solvent = depth_ != 0 || pot_ >= credits;
        const bool is_honest = depth_ != 0 || wallets <= is_.users * is_.credit;
        return (is_conserved ? 0u : 1u) | (is_solvent ? 0u : 2u) | (is_honest ? 0u : 4u);
    }

    [[nodiscard]] engine::Footprint footprint(const Choice& choice) const;
    [[nodiscard]] std::string describe(const Choice& choice) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  private:
    struct Frame {
        std::uint8_t user, amount;
    };

    // Weights for the fingerprint.
    static constexpr std::uint64_t weight_of_pot = engine::weight(0), weight_of_left = engine::weight(1);
    static constexpr auto weight_of_credit = engine::weights<most_users>(10),
                          weight_of_wallet = engine::weights<most_users>(20);
    static constexpr auto weight_of_user = engine::weights<most_users>(30);
    static constexpr auto weight_of_frame = engine::weights<most_depth>(40);

    static int money(const Parameters& is) { return is.users * is.credit + is.surplus; }

    template <class Visit>
    void calls(int user, Visit& visit) const {
        const auto caller = static_cast<std::uint8_t>(user);
        for (std::uint8_t amount = 1; amount <= is_.amount; ++amount) {
            if (wallet_[user] >= amount) visit(Choice{Act::Deposit, caller, caller, amount});
            if (credit_[user] < amount) continue;
            if (pot_ >= amount) visit(Choice{Act::Withdraw, caller, caller, amount});
            for (std::uint8_t to = 0; to < is_.users; ++to)
                if (to != user) visit(Choice{Act::Transfer, caller, to, amount});
        }
    }

    // Makes a choice, or with direction -1 takes it back.
    template <int direction>
    void make(const Choice& choice) {
        const int amount = direction * choice.amount;
        switch (choice.act) {
            case Act::Deposit:
                add_to_wallet(choice.user, -amount);
                add_to_credit(choice.user, amount);
                return add_to_pot(amount);
            case Act::Transfer: add_to_credit(choice.user, -amount); return add_to_credit(choice.to, amount);
            case Act::Withdraw:
                add_to_pot(-amount);
                add_to_wallet(choice.user, amount);
                if (is_.fixed) add_to_credit(choice.user, -amount);
                return direction > 0 ? push(choice) : pop(choice);
            case Act::Return:
                if (!is_.fixed) add_to_credit(choice.user, -amount);
                return direction > 0 ? pop(choice) : push(choice);
        }
    }

    void add_to_credit(int user, int amount) {
        credit_[user] += amount;
        sum_ += weight_of_credit[user] * static_cast<std::uint64_t>(amount);
    }
    void add_to_wallet(int user, int amount) {
        wallet_[user] += amount;
        sum_ += weight_of_wallet[user] * static_cast<std::uint64_t>(amount);
    }
    void add_to_pot(int amount) {
        pot_ += amount;
        sum_ += weight_of_pot * static_cast<std::uint64_t>(amount);
    }
    void add_to_left(int amount) {
        left_ += amount;
        sum_ += weight_of_left * static_cast<std::uint64_t>(amount);
    }
    void push(const Choice& choice) {
        sum_ += weight_of_frame[depth_] * (weight_of_user[choice.user] + choice.amount);
        stack_[depth_++] = {choice.user, choice.amount};
    }
    void pop(const Choice& choice) {
        --depth_;
        sum_ -= weight_of_frame[depth_] * (weight_of_user[choice.user] + choice.amount);
    }

    // The same for states that differ only by who is who: the users' parts are alike, mixed, and added up. Mixing alone
    // would not do: mixed(2x) = 2 mixed(x) for one x of 64. So each part has a constant in it.
    [[nodiscard]] std::uint64_t symmetric_sum() const {
        std::uint64_t inside = 0;
        for (int i = 0; i < depth_; ++i) inside += weight_of_frame[i] * stack_[i].amount;
        std::uint64_t sum =
            weight_of_pot * static_cast<std::uint64_t>(pot_) + weight_of_left * static_cast<std::uint64_t>(left_);
        for (int user = 0; user < is_.users; ++user)
            sum += engine::mixed(weight_of_user[0] + weight_of_credit[0] * static_cast<std::uint64_t>(credit_[user]) +
                                 weight_of_wallet[0] * static_cast<std::uint64_t>(wallet_[user]) +
                                 (depth_ > 0 && stack_[0].user == user ? inside : 0));
        return sum;
    }

    Parameters is_;
    std::array<int, most_users> credit_{}, wallet_{};
    int pot_ = 0, left_ = 0;
    std::array<Frame, most_depth> stack_{};  // withdrawals that have not returned, all of one user
    int depth_ = 0;
    std::uint64_t sum_ = 0;  // of all weights times values
};

}  // namespace interlock::analyzer::models
