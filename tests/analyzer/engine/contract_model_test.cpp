// EVMBank once more, as a contract: compiled, and executed by the VM from one choice to the next. The search finds exactly
// the states of the model, so what the model leaves out (frames, memory, storage) tells no states apart, and what the
// fingerprints of state and machine leave out takes none for another.
#include <gtest/gtest.h>

#include <array>

#include "analyzer/engine/search.hpp"
#include "analyzer/engine/weights.hpp"
#include "analyzer/models/evm_bank.hpp"
#include "chain/state.hpp"
#include "lang/abi/abi.hpp"
#include "lang/compile.hpp"
#include "vm/machine.hpp"

namespace interlock::analyzer::engine {
namespace {

using vm::Address, vm::Word;

constexpr const char* bank_source = R"(
contract Bank {
    mapping(address => int256) credits;

    function deposit() external payable { credits[msg.sender] += int256(msg.value); }

    function transfer(address to, uint256 amount) external {
        require(credits[msg.sender] >= int256(amount));
        credits[msg.sender] -= int256(amount);
        credits[to] += int256(amount);
    }

    function withdraw(uint256 amount) external {
        require(credits[msg.sender] >= int256(amount) && address(this).balance >= amount);
        DEBIT_BEFORE
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
        DEBIT_AFTER
    }
}
)";

vm::Bytes bank_code(bool is_fixed) {
    std::string source = bank_source;
    const std::string debit = "credits[msg.sender] -= int256(amount);";
    const auto put = [&](const std::string& name, const std::string& text) {
        source.replace(source.find(name), name.size(), text);
    };
    put("DEBIT_BEFORE", is_fixed ? debit : "");
    put("DEBIT_AFTER", is_fixed ? "" : debit);
    const lang::Compilation compilation = lang::compile("bank.sol", source);
    EXPECT_TRUE(compilation.ok());
    return compilation.main()->runtime_code;
}

constexpr Address make_address(std::uint8_t last) {
    Address address;
    address.bytes[0] = 0xba;
    address.bytes[19] = last;
    return address;
}
constexpr Address bank = make_address(200);
Address address_of(int user) { return make_address(static_cast<std::uint8_t>(user + 1)); }

class BankOnTheVm {
  public:
    static constexpr Property properties[] = {{"Conservation", ""}, {"NoTheft", ""}};

    enum class Act : std::uint8_t { Deposit, Withdraw, Transfer, Return };
    struct Choice {
        Act act{};
        std::uint8_t user = 0, to = 0, amount = 0;
        friend bool operator==(const Choice&, const Choice&) = default;
    };
    // Frames that are suspended, up to a withdrawal in which control is with the user.
    using Frames = std::shared_ptr<const vm::Machine::Snapshot>;
    struct Undo {
        chain::State::Checkpoint state;
        std::vector<Frames> open;
        int left, user;
    };

    explicit BankOnTheVm(const models::EvmBank::Parameters& parameters) : is_(parameters), left_(parameters.transactions) {
        state_.set_code(bank, bank_code(is_.fixed));
        state_.keep_history(true);
        state_.keep_fingerprint(true);
        hear_strangers();
        for (int user = 0; user < is_.users; ++user) {
            if (is_.credit == 0) continue;
            state_.set_balance(address_of(user), Word(static_cast<std::uint64_t>(is_.credit)));
            (void)apply({Act::Deposit, static_cast<std::uint8_t>(user), 0, static_cast<std::uint8_t>(is_.credit)});
            EXPECT_TRUE(has_succeeded_);
        }
        state_.set_balance(bank, Word(static_cast<std::uint64_t>(money())));
        left_ = is_.transactions;
    }
    BankOnTheVm(const BankOnTheVm& other) : is_(other.is_), state_(other.state_), left_(other.left_) {
        EXPECT_TRUE(other.open_.empty()) << "frames belong to one machine";
        hear_strangers();
    }

    // The contract itself says which calls are possible: the others fail.
    template <class Visit>
    void choices(Visit&& visit) const {
        auto& self = const_cast<BankOnTheVm&>(*this);  // every try is undone
        const auto try_calls = [&](int user) {
            const auto caller = static_cast<std::uint8_t>(user);
            for (std::uint8_t amount = 1; amount <= is_.amount; ++amount) {
                self.visit_if_possible({Act::Deposit, caller, 0, amount}, visit);
                self.visit_if_possible({Act::Withdraw, caller, 0, amount}, visit);
                for (std::uint8_t to = 0; to < is_.users; ++to)
                    if (to != user) self.visit_if_possible({Act::Transfer, caller, to, amount}, visit);
            }
        };
        if (open_.empty() && left_ > 0)
            for (int user = 0; user < is_.users; ++user) try_calls(user);
        if (!open_.empty() && static_cast<int>(open_.size()) < is_.depth) try_calls(user_);
        if (!open_.empty()) visit(Choice{Act::Return, static_cast<std::uint8_t>(user_), 0, 0});
    }

    Undo apply(const Choice& choice) {
        Undo before{state_.checkpoint(), open_, left_, user_};
        has_succeeded_ = choice.act == Act::Return ? leave() : enter(choice);
        // Suspended frames do not change: after a call she is where she was, but for her gas.
        if (!open_.empty()) machine_.restore(*open_.back());
        return before;
    }
    void undo(const Choice&, const Undo& before) {
        state_.rewind_to(before.state);
        open_ = before.open;
        if (!open_.empty()) machine_.restore(*open_.back());
        left_ = before.left;
        user_ = before.user;
    }

    [[nodiscard]] std::uint64_t fingerprint() const {
        const std::uint64_t frames = open_.empty() ? 0 : machine_.fingerprint();
        return mixed(state_.fingerprint().low ^ mixed(frames + weight(1)) ^ weight(2 + static_cast<std::uint64_t>(left_)));
    }
    [[nodiscard]] std::uint32_t broken() const {
        Word wallets;
        for (int user = 0; user < is_.users; ++user) wallets = wallets + state_.balance(address_of(user));
        const bool is_conserved = wallets + state_.balance(bank) == Word(static_cast<std::uint64_t>(money()));
        const bool is_honest = !open_.empty() || wallets <= Word(static_cast<std::uint64_t>(is_.users * is_.credit));
        return (is_conserved ? 0u : 1u) | (is_honest ? 0u : 2u);
    }
    [[nodiscard]] std::string describe(const Choice&) const { return {}; }
    [[nodiscard]] std::vector<Variable> variables() const { return {}; }

  private:
    [[nodiscard]] int money() const { return is_.users * is_.credit + is_.surplus; }

    void hear_strangers() {
        machine_.set_strangers([](const Address& address) { return address.bytes[0] == 0xba && address != bank; });
    }

    // Both return whether the call came to an end, or to the user, without failing.
    bool leave() {
        machine_.resume({});
        open_.pop_back();
        const vm::Stop stop = machine_.run();
        EXPECT_EQ(stop.kind, open_.empty() ? vm::Stop::Done : vm::Stop::Returned);
        return stop.outcome.ok();
    }
    bool enter(const Choice& choice) {
        if (choice.act == Act::Deposit && state_.balance(address_of(choice.user)) < Word(choice.amount)) return false;
        if (open_.empty()) {
            --left_;
            user_ = choice.user;
            machine_.start(call(choice));
        } else {
            machine_.enter(call(choice));
        }
        const vm::Stop stop = machine_.run();
        if (stop.kind != vm::Stop::Yield) return stop.outcome.ok();
        open_.push_back(machine_.snapshot());
        return true;
    }

    template <class Visit>
    void visit_if_possible(const Choice& choice, Visit& visit) {
        const Undo before = apply(choice);
        const bool is_possible = has_succeeded_;
        undo(choice, before);
        if (is_possible) visit(choice);
    }

    [[nodiscard]] vm::Message call(const Choice& choice) const {
        namespace abi = lang::abi;
        vm::Message message;
        message.sender = address_of(choice.user);
        message.recipient = message.code_address = bank;
        if (open_.empty()) message.gas = vm::Gas{1'000'000'000};
        const Word amount(choice.amount);
        switch (choice.act) {
            case Act::Deposit:
                message.value = amount;
                message.input = abi::call_data(abi::selector("deposit()"));
                break;
            case Act::Transfer:
                message.input = abi::call_data(abi::selector("transfer(address,uint256)"),
                                               std::vector<abi::Value>{vm::to_word(address_of(choice.to)), amount});
                break;
            case Act::Withdraw:
                message.input = abi::call_data(abi::selector("withdraw(uint256)"), std::vector<abi::Value>{amount});
                break;
            case Act::Return: break;
        }
        return message;
    }

    models::EvmBank::Parameters is_;
    mutable chain::State state_;
    vm::Machine machine_{state_, vm::default_fork};
    int left_, user_ = 0;
    std::vector<Frames> open_;
    bool has_succeeded_ = false;
};

void expect_the_states_of_the_model(const models::EvmBank::Parameters& parameters, std::uint64_t states,
                                    std::uint64_t generated) {
    const Report model = search(models::EvmBank(parameters), {});
    const Report contract = search(BankOnTheVm(parameters), {});
    EXPECT_EQ(contract.states, states);
    EXPECT_EQ(contract.generated, generated);
    EXPECT_EQ(contract.states, model.states);
    EXPECT_EQ(contract.generated, model.generated);
    EXPECT_EQ(contract.depth, model.depth);
    ASSERT_EQ(contract.broken.size(), model.broken.size());
    for (std::size_t i = 0; i < model.broken.size(); ++i)
        EXPECT_EQ(contract.broken[i].trace.size(), model.broken[i].trace.size());
    const Report again = search(BankOnTheVm(parameters), {.order = Order::Depth});
    EXPECT_EQ(again.states, states);
    EXPECT_EQ(again.generated, generated);
}

TEST(BankOnTheVm, HasTheStatesOfTheModel) { expect_the_states_of_the_model({2, 2, 2, 2, 3, 2}, 5'464, 16'329); }

TEST(BankOnTheVm, HasTheStatesOfTheModelWhereItDebitsFirst) {
    expect_the_states_of_the_model({2, 2, 2, 2, 3, 2, true}, 755, 1'969);
}

}  // namespace
}  // namespace interlock::analyzer::engine
