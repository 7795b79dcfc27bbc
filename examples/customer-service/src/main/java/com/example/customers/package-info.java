/** A microservice on a generated client; {@link com.example.customers.CustomerService} is all of it. */
@NullMarked
package com.example.customers;

import org.jspecify.annotations.NullMarked;
