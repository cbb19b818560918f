// Runs calls whose arguments are known. Before and after:
//
//     %1 = constant 5                              %3 = constant 120
//     %2 = call factorial(%1)
//     %3 = result 0 of %2
//
// Only functions that compute with words are run, and not for long: the first instruction that fails, reads or writes
// anything leaves the call as it is.
#include <unordered_map>

#include "lang/ir/compute.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::optimize {

namespace {

using ir::Block;
using ir::Function;

constexpr std::size_t most_steps = 5'000;    // in a call
constexpr std::size_t most_at_all = 50'000;  // in the calls of a function
constexpr int deepest = 64;                  // calls in each other

using WordList = std::vector<Word>;

class Run {
  public:
    Run(const ir::Contract& contract, std::size_t& steps) : contract_(contract), steps_(steps) {}

    std::optional<WordList> call(const Function& function, const WordList& arguments, int depth = 0) {
        if (depth > deepest || function.blocks.empty()) return std::nullopt;
        if (function.blocks.front().parameters.size() != arguments.size()) return std::nullopt;
        Frame frame{WordList(function.values), std::vector<ir::Type>(function.values), {}};
        const Block* block = &function.blocks.front();
        enter(frame, *block, arguments);
        while (true) {
            for (const Instruction& each : block->instructions)
                if (!step(frame, each, depth)) return std::nullopt;
            const ir::Terminator& end = block->terminator;
            const bool is_jump = end.kind == ir::Terminator::Kind::Jump;
            if (end.kind == ir::Terminator::Kind::Return) return words_of(frame, end.values);
            if ((!is_jump && end.kind != ir::Terminator::Kind::Branch) || steps_ == 0) return std::nullopt;
            --steps_;
            const ir::Jump& jump = is_jump || !frame.words[end.condition.index].is_zero() ? end.then : end.otherwise;
            const WordList passed = words_of(frame, jump.arguments);
            block = &function.blocks[jump.block];
            enter(frame, *block, passed);
        }
    }

  private:
    struct Frame {
        WordList words;  // by value
        std::vector<ir::Type> types;
        std::unordered_map<std::uint32_t, WordList> results;  // by the handle of a call
    };

    static void enter(Frame& frame, const Block& block, const WordList& arguments) {
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            frame.words[block.parameters[i].value.index] = arguments[i];
            frame.types[block.parameters[i].value.index] = block.parameters[i].type;
        }
    }

    static WordList words_of(const Frame& frame, const ir::Values& values) {
        WordList words;
        for (const Value value : values) words.push_back(frame.words[value.index]);
        return words;
    }

    bool step(Frame& frame, const Instruction& each, int depth) {
        if (steps_ == 0) return false;
        --steps_;
        if (each.op == Op::Guard) return !frame.words[each.operands[0].index].is_zero();
        const WordList operands = words_of(frame, each.operands);
        if (each.op == Op::InternalCall) {
            auto results = call(contract_.functions[each.callee], operands, depth + 1);
            if (!results) return false;
            frame.results[each.result.index] = std::move(*results);
            return true;
        }
        if (!each.result) return false;
        std::optional<Word> word;
        if (each.op == Op::Result) {
            word = frame.results.at(each.operands[0].index).at(each.number);
        } else {
            std::vector<ir::Type> types;
            for (const Value value : each.operands) types.push_back(frame.types[value.index]);
            word = ir::compute(each, operands, types);
        }
        if (!word) return false;
        frame.words[each.result.index] = *word;
        frame.types[each.result.index] = each.type;
        return true;
    }

    const ir::Contract& contract_;
    std::size_t& steps_;
};

class CallFolding {
  public:
    CallFolding(const ir::Contract& contract, Function& function) : contract_(contract), function_(function) {}

    void run() {
        for (const Block& block : function_.blocks)
            for (const Instruction& i : block.instructions) visit(i);
        if (results_.empty()) return;
        for (Block& block : function_.blocks) {
            for (Instruction& i : block.instructions) replace(i);
            std::erase_if(block.instructions, [&](const Instruction& i) {
                return i.op == Op::InternalCall && results_.contains(i.result.index);
            });
        }
    }

  private:
    struct Known {
        Word word;
        ir::Type type;
    };

    void replace(Instruction& i) const {
        if (i.op != Op::Result) return;
        const auto results = results_.find(i.operands[0].index);
        if (results == results_.end()) return;
        i.op = Op::Constant;
        i.word = results->second.at(i.number);
        i.operands.clear();
    }

    void visit(const Instruction& i) {
        if (i.op == Op::InternalCall) return call(i);
        if (i.op == Op::Result) {
            const auto results = results_.find(i.operands[0].index);
            if (results != results_.end()) known_[i.result.index] = {results->second.at(i.number), i.type};
            return;
        }
        if (!i.result || i.operands.size() > 2) return;
        WordList words;
        std::vector<ir::Type> types;
        for (const Value value : i.operands) {
            const auto known = known_.find(value.index);
            if (known == known_.end()) return;
            words.push_back(known->second.word);
            types.push_back(known->second.type);
        }
        if (const auto word = ir::compute(i, words, types)) known_[i.result.index] = {*word, i.type};
    }

    void call(const Instruction& i) {
        WordList arguments;
        for (const Value value : i.operands) {
            const auto known = known_.find(value.index);
            if (known == known_.end()) return;
            arguments.push_back(known->second.word);
        }
        if (left_ == 0) return;
        const std::size_t before = std::min(left_, most_steps);
        std::size_t steps = before;
        auto results = Run(contract_, steps).call(contract_.functions[i.callee], arguments);
        left_ -= before - steps;
        if (results) results_[i.result.index] = std::move(*results);
    }

    const ir::Contract& contract_;
    Function& function_;
    std::size_t left_ = most_at_all;
    std::unordered_map<std::uint32_t, Known> known_;       // by value
    std::unordered_map<std::uint32_t, WordList> results_;  // of calls that were run, by their handle
};

}  // namespace

void fold_calls(const ir::Contract& contract, ir::Function& function) { CallFolding(contract, function).run(); }

}  // namespace interlock::lang::optimize
