package afina;

/** What is spaced evenly in a parameter. */
public enum Scale {
    LINEAR("AFINA_SCALE_LINEAR"),
    LOG("AFINA_SCALE_LOG");

    final int number;

    Scale(String name) {
        number = AfinaException.constant(name);
    }
}
