package io.penstock.benchmarks.picture;

import io.penstock.benchmarks.BenchmarkException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines over a common axis. Not thread-safe. */
public final class LinePicture {
    static {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true"); // a server has no display, and needs none for this
        }
    }

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 480;
    private static final float LINE_WIDTH = 2f;
    private static final double MARK_HEIGHT = 0.97;
    private static final Color[] COLORS = {
        new Color(0x0B6E99),
        new Color(0xD9730D),
        new Color(0x2E8B57),
        new Color(0x9B2C5E),
        new Color(0x6B5B95),
        new Color(0x8C6D1F)
    };

    private final XYChart chart;
    private boolean isLogarithmic;
    private double lowest = Double.MAX_VALUE;
    private double highest;

    public LinePicture(String title, String xAxis, String yAxis) {
        chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        XYStyler style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setSeriesColors(COLORS)
                .setAnnotationLineColor(Color.GRAY)
                .setAnnotationLineStroke(new BasicStroke(
                        1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, new float[] {4f, 4f}, 0f))
                .setAnnotationTextFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        style.setLocale(Locale.US);
        style.setYAxisDecimalPattern("#,##0.##");
        style.setPlotGridLinesColor(new Color(0xE5E5E5));
    }

    /** The y axis in powers of ten; all values must be above 0. */
    public LinePicture logarithmic() {
        isLogarithmic = true;
        chart.getStyler().setYAxisLogarithmic(true);
        return this;
    }

    /** What stands under the x axis. */
    LinePicture xLabels(DoubleFunction<String> label) {
        chart.setCustomXAxisTickLabelsFormatter(label::apply);
        return this;
    }

    LinePicture xFrom(double min, double max) {
        chart.getStyler().setXAxisMin(min);
        chart.getStyler().setXAxisMax(max);
        return this;
    }

    LinePicture yFromZero() {
        chart.getStyler().setYAxisMin(0.0);
        return this;
    }

    /** Draws a line; nothing if it has no point. */
    public LinePicture line(Line line) {
        if (!line.isEmpty()) {
            XYSeries series = chart.addSeries(line.name(), line.xs(), line.ys());
            series.setMarker(SeriesMarkers.NONE);
            series.setLineWidth(LINE_WIDTH);
            for (double y : line.ys()) {
                highest = Math.max(highest, y);
                lowest = Math.min(lowest, y);
            }
            if (isLogarithmic) { // only powers of ten are labelled: both ends are some
                chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(lowest))));
                chart.getStyler().setYAxisMax(Math.pow(10, Math.ceil(Math.log10(highest))));
            }
        }
        return this;
    }

    /** Draws a vertical line where something happened; after the lines. */
    public LinePicture mark(Mark mark) {
        chart.addAnnotation(new AnnotationLine(mark.atSeconds(), true, false));
        chart.addAnnotation(new AnnotationText(mark.text(), mark.atSeconds(), highest * MARK_HEIGHT, false));
        return this;
    }

    /**
     * Writes it; makes the directory.
     *
     * @throws BenchmarkException {@code INVALID_OPTIONS} if it cannot
     */
    public void write(Path png) {
        write(png, this);
    }

    /** Writes several below each other. */
    static void write(Path png, LinePicture... pictures) {
        List<XYChart> charts =
                List.of(pictures).stream().map(picture -> picture.chart).toList();
        try {
            Files.createDirectories(png.toAbsolutePath().getParent());
            try (OutputStream output = Files.newOutputStream(png)) {
                BitmapEncoder.saveBitmap(charts, charts.size(), 1, output, BitmapEncoder.BitmapFormat.PNG);
            }
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "picture " + png + " cannot be written", e);
        }
    }
}
