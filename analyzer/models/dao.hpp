// What the two DAO models of "Bridging Paxos and Blockchain Consensus" (Fig. 5) share: variables, and procedure calls.
//
// One process runs the bank's procedure, which calls Mallory's, which calls the bank's again. As in the translation of
// PlusCal, a step goes from one label to the next, a call saves the callee's parameter of before, and a return restores it.
#pragma once

#include <cassert>
#include <vector>

#include "analyzer/engine/model.hpp"
#include "analyzer/engine/weights.hpp"

namespace interlock::analyzer::models {

class Dao {
  public:
    struct Parameters {
        int balance = 10;  // BALANCE: what the bank has at the start
        int amount = 10;   // AMOUNT: what is withdrawn
        int attack = 3;    // ATTACK: how often Mallory calls back
    };

    enum class Label : std::uint8_t {
        Transact,
        CheckBalance,
        UpdateBalance,
        DispenseAmount,
        FinishWithdraw,
        Receive,
        FC,
        Done,
    };

    // There is never more than one choice: the next step.
    struct Choice {
        Label label{};
        friend bool operator==(const Choice&, const Choice&) = default;
    };

    template <class Visit>
    void choices(Visit&& visit) const {
        if (now_.pc != Label::Done) visit(Choice{now_.pc});
    }

    [[nodiscard]] std::uint64_t fingerprint() const {
        std::uint64_t hash = 0;
        const auto absorb = [&hash](int value) { hash = engine::mixed((hash + static_cast<std::uint64_t>(value)) * 2 + 1); };
        for (const int value : {static_cast<int>(now_.pc), now_.attack, now_.bank, now_.mallory, now_.amount, now_.amt})
            absorb(value);
        for (const Frame& frame : now_.stack) absorb(static_cast<int>(frame.back_to)), absorb(frame.saved);
        return hash;
    }

    [[nodiscard]] std::string describe(const Choice& choice) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  protected:
    struct Frame {
        Label back_to;
        int saved;  // the callee's parameter before the call
    };
    struct State {
        Label pc = Label::Transact;
        int attack = 0, bank = 0, mallory = 0;
        int amount = none, amt = none;  // the parameters of the bank's procedure and of Mallory's
        std::vector<Frame> stack;
    };
    static constexpr int none = -1;

    explicit Dao(const Parameters& parameters) : is_(parameters) {
        now_.attack = is_.attack;
        now_.bank = is_.balance;
    }

    void call_bank(int amount, Label back_to) {
        now_.stack.push_back({back_to, now_.amount});
        now_.amount = amount;
        now_.pc = Label::CheckBalance;
    }
    void call_mallory(int amount, Label back_to) {
        now_.stack.push_back({back_to, now_.amt});
        now_.amt = amount;
        now_.pc = Label::Receive;
    }
    // Goes back to where the procedure was called; `parameter` is its parameter.
    void go_back(int& parameter) {
        assert(!now_.stack.empty());
        parameter = now_.stack.back().saved;
        now_.pc = now_.stack.back().back_to;
        now_.stack.pop_back();
    }

    // Mallory's procedure is the same in both figures.
    void receive() {
        now_.mallory += now_.amt;
        now_.pc = Label::FC;
        if (now_.attack == 0) return;
        --now_.attack;
        call_bank(now_.amt, Label::FC);
    }

    // The properties that both figures have.
    [[nodiscard]] bool is_at(int bank, int mallory) const { return now_.bank == bank && now_.mallory == mallory; }
    [[nodiscard]] bool is_within_balance() const { return now_.bank + now_.mallory <= is_.balance; }
    static constexpr engine::Property within_balance{"Invariant", "bank + mallory <= BALANCE in every state"};

    Parameters is_;
    State now_;
};

}  // namespace interlock::analyzer::models
