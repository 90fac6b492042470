package org.fuota.db;

import java.nio.file.Path;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.BasicDataSourceFactory;
import org.w3c.dom.NamedNodeMap;

/** A SQLite file opened through the pool that META-INF/context.xml configures, as production does. */
public final class TestDatabase {
    private TestDatabase() {}

    /** The pool of a database {@code devices.db} in the folder. */
    public static BasicDataSource pool(Path folder) {
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
