// Drawings as text: shapes in a box, and plots of curves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace interlock::chain::sim {

[[nodiscard]] std::string escaped(std::string_view text);    // for HTML and SVG
[[nodiscard]] std::string_view color_of(std::size_t index);  // colours that can be told apart

class Svg {
  public:
    Svg(double width, double height) : width_(width), height_(height) {}

    void line(double x1, double y1, double x2, double y2, std::string_view color, std::string_view more = "");
    void box(double x, double y, double width, double height, std::string_view color, std::string_view tip = "");
    void dot(double x, double y, std::string_view color);
    void words(double x, double y, std::string_view text, std::string_view anchor = "start");
    void curve(const std::vector<std::pair<double, double>>& points, std::string_view color, bool is_dashed,
               double thickness = 2);
    [[nodiscard]] std::string text() const;

  private:
    double width_, height_;
    std::string body_;
};

struct Series {
    std::string name;
    std::vector<std::pair<double, double>> points;  // by x
    std::size_t color = 0;
    bool is_dashed = false;  // a formula
};

struct Plot {
    std::string title, x_axis, y_axis;
    std::vector<Series> series;
    bool is_logarithmic = false;  // the y axis; points at or below zero are left out

    [[nodiscard]] std::string svg() const;
};

}  // namespace interlock::chain::sim
