package org.fuota.bench.report;

import java.util.ArrayList;
import java.util.List;

/** What the product and the floor cost, round by round. */
public final class Rounds {
    private final List<Double> product = new ArrayList<>();
    private final List<Double> floor = new ArrayList<>();

    public void add(double productCost, double floorCost) {
        product.add(productCost);
        floor.add(floorCost);
    }

    public double product() {
        return new Sample(product).median();
    }

    public double floor() {
        return new Sample(floor).median();
    }

    /** The product's cost by the floor's, of each round: what disturbs a whole round disturbs both. */
    public Sample ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < product.size(); round++) {
            ratios.add(product.get(round) / floor.get(round));
        }
        return new Sample(ratios);
    }
}
