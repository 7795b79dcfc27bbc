package com.example.mobile;

import com.example.customer360.Customer360;
import com.example.loyalty.Loyalty;
import com.example.recommendations.Recommendations;
import java.util.Optional;

/**
 * What the first screen shows. The customer has to be there; a screen without the rest is better than none.
 *
 * @param loyalty empty if there is none, or it could not be read
 * @param recommendations empty if there are none, or they could not be read
 */
record Home(Customer360 customer, Optional<Loyalty> loyalty, Optional<Recommendations> recommendations) {}
