#include "analyzer/models/evm_bank.hpp"

#include <algorithm>

namespace interlock::analyzer::models {

using engine::Footprint;

// One other choice moves at most `is_.amount`, so a guard with so much to spare holds before it and after it.
Footprint EvmBank::footprint(const Choice& choice) const {
    const auto credit = [](int user) { return std::uint64_t{1} << user; };
    const auto wallet = [](int user) { return std::uint64_t{1} << (most_users + user); };
    constexpr std::uint64_t pot = std::uint64_t{1} << (2 * most_users);
    constexpr std::uint64_t left = pot << 1, stack = pot << 2;

    Footprint footprint;
    const auto guard = [&](int value, std::uint64_t place) {
        if (value < choice.amount + is_.amount) footprint.reads |= place;
    };
    if (choice.act == Act::Return) {
        footprint.writes = stack;
        if (!is_.fixed) footprint.adds = credit(choice.user);
        return footprint;
    }
    footprint.reads = stack;
    if (depth_ == 0) {
        footprint.adds |= left;
        if (left_ == 1) footprint.reads |= left;
    }
    switch (choice.act) {
        case Act::Deposit:
            guard(wallet_[choice.user], wallet(choice.user));
            footprint.adds |= wallet(choice.user) | credit(choice.user) | pot;
            break;
        case Act::Transfer:
            guard(credit_[choice.user], credit(choice.user));
            footprint.adds |= credit(choice.user) | credit(choice.to);
            break;
        case Act::Withdraw:
            guard(credit_[choice.user], credit(choice.user));
            guard(pot_, pot);
            footprint.adds |= pot | wallet(choice.user) | (is_.fixed ? credit(choice.user) : 0);
            footprint.writes = stack;
            break;
        case Act::Return: break;
    }
    return footprint;
}

std::string EvmBank::describe(const Choice& choice) const {
    const auto call = [&](const char* name) {
        return "user " + std::to_string(choice.user + 1) + ": " + name + "(" +
               (choice.act == Act::Transfer ? "user " + std::to_string(choice.to + 1) + ", " : "") +
               std::to_string(choice.amount) + ")";
    };
    switch (choice.act) {
        case Act::Deposit: return call("deposit");
        case Act::Withdraw: return call("withdraw");
        case Act::Transfer: return call("transfer");
        case Act::Return: return "user " + std::to_string(choice.user + 1) + ": return";
    }
    return {};
}

std::vector<engine::Variable> EvmBank::variables() const {
    const auto listed = [this](const std::array<int, most_users>& values) {
        std::string text;
        for (int user = 0; user < is_.users; ++user) text += (user == 0 ? "" : " ") + std::to_string(values[user]);
        return text;
    };
    std::string inside;
    for (int i = 0; i < depth_; ++i)
        inside += (i == 0 ? "" : " > ") + std::to_string(stack_[i].user + 1) + ":" + std::to_string(stack_[i].amount);
    return {{"credit", listed(credit_)},
            {"wallet", listed(wallet_)},
            {"pot", std::to_string(pot_)},
            {"left", std::to_string(left_)},
            {"inside", inside.empty() ? "-" : inside}};
}

}  // namespace interlock::analyzer::models
