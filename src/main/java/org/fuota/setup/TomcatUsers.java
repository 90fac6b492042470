package org.fuota.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A tomcat-users.xml: adds users to it, and leaves alone whatever else it holds, comments included. */
final class TomcatUsers {
    private final Path file;
    private final Document document;
    private final Map<String, Element> users;
    private final Map<String, Element> roles;
    private boolean changed;

    private TomcatUsers(Path file, Document document, boolean changed) {
        this.file = file;
        this.document = document;
        this.users = elements(document, "user", "username");
        this.roles = elements(document, "role", "rolename");
        this.changed = changed;
    }

    /** The file as it is, or a new one when there is none. */
    static TomcatUsers open(Path file) throws IOException, SetupException {
        boolean isNew = Files.notExists(file);
        try (InputStream in =
                isNew ? TomcatUsers.class.getResourceAsStream("tomcat-users.xml") : Files.newInputStream(file)) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return new TomcatUsers(file, factory.newDocumentBuilder().parse(in), isNew);
        } catch (SAXException | ParserConfigurationException e) {
            throw new SetupException(file + " isn't a tomcat-users.xml: " + e.getMessage(), e);
        }
    }

    /**
     * Sees to it that the user is there; tells the password that was generated, if one was.
     *
     * @param password that the user is to have; empty to keep the present one, or generate one for a new user
     */
    Optional<String> require(String name, Optional<String> password, List<String> needed) throws SetupException {
        for (String role : needed) {
            if (!roles.containsKey(role)) {
                roles.put(role, append("role", "rolename", role));
            }
        }
        Element present = users.get(name);
        if (present != null) {
            requireRoles(present, name, needed);
            if (password.isPresent() && !Passwords.matches(password.get(), present.getAttribute("password"))) {
                setPassword(present, password.get());
            }
            return Optional.empty();
        }
        Element user = append("user", "username", name);
        users.put(name, user);
        user.setAttribute("roles", String.join(",", needed));
        String newPassword = password.orElseGet(Passwords::generate);
        setPassword(user, newPassword);
        return password.isPresent() ? Optional.empty() : Optional.of(newPassword);
    }

    /** Whether the user is there and has the password. */
    boolean has(String name, String password) {
        Element user = users.get(name);
        return user != null && Passwords.matches(password, user.getAttribute("password"));
    }

    /** Writes the file, if anything changed, whole or not at all. */
    void save() throws IOException, SetupException {
        if (!changed) {
            return;
        }
        StringWriter text = new StringWriter();
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            transformer.transform(new DOMSource(document), new StreamResult(text));
        } catch (TransformerException e) {
            throw new SetupException("writing " + file + " failed: " + e.getMessage(), e);
        }
        // The transformer drops the line ends outside the root element.
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + text.toString().replace("--><tomcat-users", "-->\n<tomcat-users") + "\n";
        PrivateFile.write(file, xml.getBytes(StandardCharsets.UTF_8));
    }

    private void requireRoles(Element user, String name, List<String> roles) throws SetupException {
        if (!Arrays.asList(user.getAttribute("roles").split("\\s*,\\s*")).containsAll(roles)) {
            throw new SetupException("user " + name + " in " + file + " lacks a role: give it roles=\""
                    + String.join(",", roles) + "\" there, or choose another user by the option");
        }
    }

    private void setPassword(Element user, String password) {
        user.setAttribute("password", Passwords.digest(password));
        changed = true;
    }

    /** By name; of two with one name the first. */
    private static Map<String, Element> elements(Document document, String tag, String attribute) {
        Map<String, Element> elements = new HashMap<>();
        NodeList all = document.getElementsByTagNameNS("*", tag);
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i) instanceof Element element) {
                elements.putIfAbsent(element.getAttribute(attribute), element);
            }
        }
        return elements;
    }

    private Element append(String tag, String attribute, String name) {
        Element root = document.getDocumentElement();
        Element element = document.createElementNS(root.getNamespaceURI(), tag);
        element.setAttribute(attribute, name);
        root.appendChild(document.createTextNode("  "));
        root.appendChild(element);
        root.appendChild(document.createTextNode("\n"));
        changed = true;
        return element;
    }
}
