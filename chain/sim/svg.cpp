#include "chain/sim/svg.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace interlock::chain::sim {

namespace {

std::string short_number(double value) {
    char text[32];
    const bool is_whole = value >= 1000 && value < 1e6;
    std::snprintf(text, sizeof text, is_whole ? "%.0f" : "%.4g", value);
    return text;
}

std::string place(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

std::string attribute(std::string_view name, double value) { return " " + std::string(name) + "=\"" + place(value) + "\""; }

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

// Where a value lies between the least and the most, from 0 to 1.
struct Scale {
    double least = 0, most = 1;
    bool is_logarithmic = false;

    [[nodiscard]] double at(double value) const {
        return is_logarithmic ? (std::log(value) - std::log(least)) / (std::log(most) - std::log(least))
                              : (value - least) / (most - least);
    }
    [[nodiscard]] std::vector<double> ticks() const {
        std::vector<double> values;
        if (is_logarithmic) {
            const bool is_short = most / least < 100;  // less than two decades: 2 and 5 between the powers
            for (double power = std::pow(10, std::floor(std::log10(least))); power <= most; power *= 10)
                for (const double tick : {power, 2 * power, 5 * power})
                    if ((tick == power || is_short) && tick >= least && tick <= most) values.push_back(tick);
            if (values.size() > 1) return values;
            return {least, most};
        }
        const double rough = (most - least) / 5, power = std::pow(10, std::floor(std::log10(rough)));
        const double step = power * (rough / power < 2 ? 2 : rough / power < 5 ? 5 : 10);
        for (double tick = std::ceil(least / step) * step; tick <= most * (1 + 1e-9); tick += step) values.push_back(tick);
        return values;
    }
};

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '<') safe += "&lt;";
        else if (c == '>') safe += "&gt;";
        else if (c == '&') safe += "&amp;";
        else if (c == '"') safe += "&quot;";
        else safe += c;
    }
    return safe;
}

std::string_view color_of(std::size_t index) {
    static constexpr std::string_view colors[] = {"#1f6fb4", "#d9622b", "#2f9e44", "#9c36b5", "#c2255c", "#0c8599",
                                                  "#846358", "#e0a800", "#5c5f66", "#7a8f00", "#e64980"};
    return colors[index % std::size(colors)];
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view color, std::string_view more) {
    body_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
             attribute("stroke", color) + " " + std::string(more) + "/>\n";
}

void Svg::box(double x, double y, double width, double height, std::string_view color, std::string_view tip) {
    body_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) + attribute("height", height) +
             attribute("fill", color) + (tip.empty() ? "/>\n" : "><title>" + escaped(tip) + "</title></rect>\n");
}

void Svg::dot(double x, double y, std::string_view color) {
    body_ += "<circle" + attribute("cx", x) + attribute("cy", y) + " r=\"3\"" + attribute("fill", color) + "/>\n";
}

void Svg::words(double x, double y, std::string_view text, std::string_view anchor) {
    body_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("text-anchor", anchor) + ">" + escaped(text) +
             "</text>\n";
}

void Svg::curve(const std::vector<std::pair<double, double>>& points, std::string_view color, bool is_dashed,
                double thickness) {
    std::string path;
    for (const auto& [x, y] : points) path += place(x) + "," + place(y) + " ";
    body_ += "<polyline fill=\"none\"" + attribute("stroke-width", thickness) + attribute("stroke", color) +
             attribute("points", path) + (is_dashed ? " stroke-dasharray=\"5 4\"" : "") + "/>\n";
}

std::string Svg::text() const {
    return "<svg" + attribute("width", width_) + attribute("height", height_) +
           attribute("viewBox", "0 0 " + place(width_) + " " + place(height_)) + ">\n" + body_ + "</svg>\n";
}

std::string Plot::svg() const {
    constexpr double width = 560, height = 320, left = 64, right = 150, top = 30, bottom = 44;
    Scale across{INFINITY, -INFINITY}, up{is_logarithmic ? INFINITY : 0, -INFINITY, is_logarithmic};
    const auto counts = [&](double y) { return std::isfinite(y) && (!is_logarithmic || y > 0); };
    for (const Series& each : series)
        for (const auto& [x, y] : each.points) {
            if (!counts(y)) continue;
            across = {std::min(across.least, x), std::max(across.most, x)};
            up = {std::min(up.least, y), std::max(up.most, y), is_logarithmic};
        }
    if (!(across.most > across.least)) across = {across.most - 1, across.most + 1};
    if (!std::isfinite(across.most)) across = {0, 1};
    if (!(up.most > up.least)) up.most = up.least + (up.least == 0 || !std::isfinite(up.least) ? 1 : up.least);
    if (!std::isfinite(up.least) || !std::isfinite(up.most)) up = {is_logarithmic ? .1 : 0, 1, is_logarithmic};
    const auto x_of = [&](double x) { return left + across.at(x) * (width - left - right); };
    const auto y_of = [&](double y) { return height - bottom - up.at(y) * (height - top - bottom); };
    Svg svg(width, height);
    svg.words(left, 18, title);
    for (const double tick : up.ticks()) {
        svg.line(left, y_of(tick), width - right, y_of(tick), "#8884");
        svg.words(left - 6, y_of(tick) + 4, short_number(tick), "end");
    }
    for (const double tick : across.ticks()) {
        svg.line(x_of(tick), height - bottom, x_of(tick), height - bottom + 4, "#888");
        svg.words(x_of(tick), height - bottom + 17, short_number(tick), "middle");
    }
    svg.line(left, height - bottom, width - right, height - bottom, "#888");
    svg.words((left + width - right) / 2, height - 8, x_axis, "middle");
    svg.words(width - right, 18, y_axis, "end");
    double legend = top + 10;
    double thickness = 2 + .5 * static_cast<double>(series.size());  // a curve is seen below one that covers it
    for (const Series& each : series) {
        thickness -= .5;
        std::vector<std::pair<double, double>> points;
        for (const auto& [x, y] : each.points)
            if (counts(y)) points.emplace_back(x_of(x), y_of(y));
        svg.curve(points, color_of(each.color), each.is_dashed, each.is_dashed ? 2 : thickness);
        if (!each.is_dashed && points.size() < 40)
            for (const auto& [x, y] : points) svg.dot(x, y, color_of(each.color));
        svg.line(width - right + 10, legend - 4, width - right + 30, legend - 4, color_of(each.color),
                 each.is_dashed ? "stroke-width=\"2\" stroke-dasharray=\"5 4\"" : "stroke-width=\"2\"");
        svg.words(width - right + 36, legend, each.name);
        legend += 18;
    }
    return svg.text();
}

}  // namespace interlock::chain::sim
