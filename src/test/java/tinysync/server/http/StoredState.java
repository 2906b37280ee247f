package tinysync.server.http;

import tinysync.content.Hash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything that a server remembers, row by row, except for when it last saw a device. */
final class StoredState {
    private StoredState() {}

    /** The rows of all tables and the names of all files, by where they are. */
    static Map<String, List<String>> of(Path data) throws IOException, SQLException {
        Map<String, List<String>> state = new TreeMap<>();
        for (Path file : files(data)) {
            String name = data.relativize(file).toString();
            if (name.endsWith(".db")) {
                rows(file).forEach((table, rows) -> state.put(name + "/" + table, rows));
            } else if (!name.endsWith("-wal") && !name.endsWith("-shm")) {
                state.put(name, List.of(Hash.of(Files.readAllBytes(file)).hex()));
            }
        }
        return state;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Map<String, List<String>> rows(Path database) throws SQLException {
        Map<String, List<String>> tables = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            for (String table : column(statement, "SELECT name FROM sqlite_schema WHERE type = 'table'")) {
                tables.put(table, table(statement, table));
            }
        }
        return tables;
    }

    private static List<String> column(Statement statement, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private static List<String> table(Statement statement, String table) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            while (rows.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    String name = rows.getMetaData().getColumnName(i);
                    if (!name.equals("seen")) {
                        line.append(name).append('=').append(shown(rows.getObject(i))).append(' ');
                    }
                }
                lines.add(line.toString());
            }
        }
        lines.sort(null);
        return lines;
    }

    private static String shown(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }
}
