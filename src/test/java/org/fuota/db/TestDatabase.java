package org.fuota.db;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.BasicDataSourceFactory;
import org.w3c.dom.NamedNodeMap;

/**
 * A database opened through the pool that META-INF/context.xml configures, as production does: SQLite, or, with
 * {@code -Dfuota.it.database=postgresql}, PostgreSQL.
 */
public final class TestDatabase {
    /** Of the tests that run on both. */
    public static final String TAG = "stores";

    /** What says on which database. */
    public static final String PROPERTY = "fuota.it.database";

    private TestDatabase() {}

    /** The pool of the one database that belongs to the folder. It doesn't wait for the disk: what a power cut takes isn't tested by it. */
    public static BasicDataSource pool(Path folder) {
        if (!"postgresql".equals(System.getProperty(PROPERTY))) {
            BasicDataSource pool = sqlite(folder);
            pool.setUrl(pool.getUrl().replace("synchronous=FULL", "synchronous=OFF"));
            return pool;
        }
        return postgresql(folder, "t" + Integer.toHexString(folder.hashCode()));
    }

    /** The pool of a PostgreSQL schema of that name; for the rest it is as the one of SQLite in the folder. */
    static BasicDataSource postgresql(Path folder, String name) {
        BasicDataSource pool = sqlite(folder);
        pool.setDriverClassName("org.postgresql.Driver");
        pool.setUrl(PostgresCluster.shared().schema(name));
        return pool;
    }

    /** Keeps everybody else from writing, until it is closed. */
    public static Connection lock(Path folder) throws SQLException {
        Connection connection = DriverManager.getConnection(pool(folder).getUrl());
        connection.setAutoCommit(false);
        Dialect.of(connection).lockForWriting(connection);
        // SQLite begins with the first statement.
        connection.createStatement().execute("SELECT 1");
        return connection;
    }

    /** The pool of a database {@code devices.db} in the folder. */
    public static BasicDataSource sqlite(Path folder) {
        try {
            NamedNodeMap attributes = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse("src/main/webapp/META-INF/context.xml")
                    .getElementsByTagName("Resource")
                    .item(0)
                    .getAttributes();
            Properties properties = new Properties();
            for (int i = 0; i < attributes.getLength(); i++) {
                String value = attributes.item(i).getNodeValue();
                properties.setProperty(
                        attributes.item(i).getNodeName(),
                        value.replace("${catalina.base}/fuota/db", folder.toString()));
            }
            return BasicDataSourceFactory.createDataSource(properties);
        } catch (Exception e) {
            throw new IllegalStateException("no pool from context.xml", e);
        }
    }
}
