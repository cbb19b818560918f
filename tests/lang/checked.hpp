// A checked program made from text, for the checker's tests.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "lang/program/program.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::lang {

struct Checked {
    explicit Checked(std::string text, std::string path = "test.ilk")
        : tree(parse(sources.add(std::move(path), std::move(text)), diagnostics)),
          program(check(tree, sources, diagnostics)) {
        diagnostics.sort_by_place();
    }
    Checked(const Checked&) = delete;
    Checked& operator=(const Checked&) = delete;

    [[nodiscard]] std::string rendered() const { return render(diagnostics, sources, false); }

    [[nodiscard]] const VariableInfo& variable(std::string_view name) const {
        for (std::size_t i = 1; i < tree.variables.size(); ++i) {
            if (tree.variables[i].name.text == name) return program.variables[i];
        }
        ADD_FAILURE() << "no variable " << name;
        return program.variables[0];
    }

    [[nodiscard]] const FunctionInfo& function(std::string_view name) const {
        for (std::size_t i = 1; i < tree.functions.size(); ++i) {
            if (tree.functions[i].name.text == name) return program.functions[i];
        }
        ADD_FAILURE() << "no function " << name;
        return program.functions[0];
    }

    // What is known about the initial value of a state variable, or of a local one declared alone.
    [[nodiscard]] const ExprInfo& initial(std::string_view name) const {
        for (std::size_t i = 1; i < tree.variables.size(); ++i) {
            if (tree.variables[i].name.text == name && tree.variables[i].initial) return program[tree.variables[i].initial];
        }
        ADD_FAILURE() << "no initial value of " << name;
        return program.exprs[0];
    }

    Sources sources;
    Diagnostics diagnostics;
    Tree tree;
    Program program;
};

}  // namespace interlock::lang
