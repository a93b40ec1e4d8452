#include "assess/student_t.h"

#include "lcclass/core/portable_atan.h"

#include <cmath>

namespace lcclass::assess {

double t_share_within(double t, int degrees) {
    constexpr double two_over_pi = 0.6366197723675814;
    const double ratio = t / std::sqrt(static_cast<double>(degrees));
    const double cosine2 = 1 / (1 + ratio * ratio); // of the angle whose tangent is the ratio
    const double sine = ratio * std::sqrt(cosine2);
    const bool is_odd = degrees % 2 == 1;
    // The sums end with the power degrees - 2 of the cosine.
    double term = is_odd ? std::sqrt(cosine2) : 1.0;
    double sum = 0;
    for (int power = is_odd ? 1 : 0; power <= degrees - 2; power += 2) {
        sum += term;
        term *= cosine2 * (power + 1) / (power + 2);
    }
    return is_odd ? two_over_pi * (portable_atan(ratio) + sine * sum) : sine * sum;
}

double t_bound(double p, int degrees) {
    double low = 0;
    double high = 1;
    while (t_share_within(high, degrees) < p) {
        low = high;
        high *= 2;
    }
    for (int step = 0; step < 100; ++step) { // a double has no more halves
        const double middle = low + (high - low) / 2;
        (t_share_within(middle, degrees) < p ? low : high) = middle;
    }
    return high;
}

} // namespace lcclass::assess
