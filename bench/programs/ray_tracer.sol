// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// A ray tracer in fixed-point arithmetic: mirroring spheres, which lie in storage, over a chequered floor, and a lamp.
contract RayTracer {
    int256 constant ONE = 1e6;
    int256 constant FAR = 1e15;
    int256 constant NEAR = 1e3;  // a ray does not hit the surface where it begins
    uint256 constant MOST_MIRRORS = 3;

    struct Vector {
        int256 x;
        int256 y;
        int256 z;
    }

    struct Sphere {
        Vector centre;
        int256 radius;
        Vector colour;
        int256 mirrors;  // this part of the light
    }

    struct Ray {
        Vector origin;
        Vector direction;  // of length one
        uint256 mirrors;   // behind so many
    }

    struct Hit {
        int256 distance;
        Vector point;
        Vector normal;
        Vector colour;
        int256 mirrors;
    }

    Sphere[] private spheres;
    Vector private lamp;

    constructor() {
        lamp = Vector(-4 * ONE, 6 * ONE, -3 * ONE);
        spheres.push(Sphere(Vector(0, ONE, 4 * ONE), ONE, Vector(900000, 200000, 200000), 300000));
        spheres.push(Sphere(Vector(-2 * ONE, 700000, 3 * ONE), 700000, Vector(200000, 800000, 300000), 150000));
        spheres.push(Sphere(Vector(1700000, 500000, 2600000), 500000, Vector(250000, 300000, 900000), 400000));
    }

    // Returns a number that depends on every pixel of a picture of this size.
    function render(uint256 width, uint256 height) external view returns (uint256 digest) {
        for (uint256 row = 0; row < height; ++row) {
            for (uint256 column = 0; column < width; ++column) {
                Vector memory colour = trace(rayThrough(column, row, width, height));
                unchecked {
                    digest = digest * 31 + pixelOf(colour);
                }
            }
        }
    }

    function rayThrough(uint256 column, uint256 row, uint256 width, uint256 height) private pure returns (Ray memory) {
        int256 x = (2 * int256(column) + 1) * ONE / int256(width) - ONE;
        int256 y = ONE - (2 * int256(row) + 1) * ONE / int256(height);
        return Ray(Vector(0, ONE, -3 * ONE), unit(Vector(x, y * 3 / 4, 2 * ONE)), 0);
    }

    function pixelOf(Vector memory colour) private pure returns (uint256) {
        return channelOf(colour.x) << 16 | channelOf(colour.y) << 8 | channelOf(colour.z);
    }

    function channelOf(int256 light) private pure returns (uint256) {
        if (light <= 0) return 0;
        if (light >= ONE) return 255;
        return uint256(light * 255 / ONE);
    }

    function trace(Ray memory ray) private view returns (Vector memory) {
        Hit memory hit = nearest(ray);
        if (hit.distance == FAR) return sky(ray.direction);
        Vector memory seen = scaled(hit.colour, lightAt(hit));
        if (hit.mirrors == 0 || ray.mirrors == MOST_MIRRORS) return seen;
        Vector memory mirrored = trace(Ray(hit.point, reflected(ray.direction, hit.normal), ray.mirrors + 1));
        return sum(scaled(seen, ONE - hit.mirrors), scaled(mirrored, hit.mirrors));
    }

    function sky(Vector memory direction) private pure returns (Vector memory) {
        int256 height = direction.y > 0 ? direction.y : int256(0);
        return Vector(700000 - height / 2, 800000 - height / 4, ONE);
    }

    function nearest(Ray memory ray) private view returns (Hit memory hit) {
        hit.distance = FAR;
        uint256 count = spheres.length;
        for (uint256 i = 0; i < count; ++i) {
            int256 distance = distanceTo(i, ray);
            if (distance >= hit.distance) continue;
            Sphere storage sphere = spheres[i];
            hit.distance = distance;
            hit.point = sum(ray.origin, scaled(ray.direction, distance));
            hit.normal = unit(difference(hit.point, sphere.centre));
            hit.colour = sphere.colour;
            hit.mirrors = sphere.mirrors;
        }
        if (ray.direction.y < 0) hitFloor(ray, hit);
    }

    function hitFloor(Ray memory ray, Hit memory hit) private pure {
        int256 distance = -ray.origin.y * ONE / ray.direction.y;
        if (distance <= NEAR || distance >= hit.distance) return;
        hit.distance = distance;
        hit.point = sum(ray.origin, scaled(ray.direction, distance));
        hit.normal = Vector(0, ONE, 0);
        bool isDark = ((hit.point.x + 100 * ONE) / ONE + (hit.point.z + 100 * ONE) / ONE) % 2 == 0;
        hit.colour = isDark ? Vector(150000, 150000, 150000) : Vector(850000, 850000, 850000);
        hit.mirrors = 100000;
    }

    // The distance along the ray at which it enters a sphere, or FAR.
    function distanceTo(uint256 index, Ray memory ray) private view returns (int256) {
        Sphere storage sphere = spheres[index];
        Vector memory offset = difference(sphere.centre, ray.origin);
        int256 along = dot(offset, ray.direction);
        if (along <= 0) return FAR;
        int256 radius = sphere.radius;
        int256 rest = along * along / ONE - dot(offset, offset) + radius * radius / ONE;
        if (rest < 0) return FAR;
        int256 distance = along - root(rest * ONE);
        return distance > NEAR ? distance : FAR;
    }

    function lightAt(Hit memory hit) private view returns (int256) {
        Vector memory offset = difference(lamp, hit.point);
        Vector memory direction = unit(offset);
        int256 slope = dot(direction, hit.normal);
        int256 everywhere = 150000;
        if (slope <= 0) return everywhere;
        Ray memory shadow = Ray(hit.point, direction, MOST_MIRRORS);
        for (uint256 i = 0; i < spheres.length; ++i)
            if (distanceTo(i, shadow) != FAR) return everywhere;
        return everywhere + slope * 850000 / ONE;
    }

    // --- vectors ---

    function sum(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x + b.x, a.y + b.y, a.z + b.z);
    }

    function difference(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x - b.x, a.y - b.y, a.z - b.z);
    }

    function scaled(Vector memory a, int256 by) private pure returns (Vector memory) {
        return Vector(a.x * by / ONE, a.y * by / ONE, a.z * by / ONE);
    }

    function dot(Vector memory a, Vector memory b) private pure returns (int256) {
        return (a.x * b.x + a.y * b.y + a.z * b.z) / ONE;
    }

    function unit(Vector memory a) private pure returns (Vector memory) {
        int256 length = root(a.x * a.x + a.y * a.y + a.z * a.z);
        return Vector(a.x * ONE / length, a.y * ONE / length, a.z * ONE / length);
    }

    function reflected(Vector memory a, Vector memory normal) private pure returns (Vector memory) {
        return difference(a, scaled(normal, 2 * dot(a, normal)));
    }

    // The square root, rounded down, by Newton's method.
    function root(int256 square) private pure returns (int256 r) {
        if (square < 2) return square;
        r = square;
        int256 next = (square + 1) / 2;
        while (next < r) {
            r = next;
            next = (r + square / r) / 2;
        }
    }
}
