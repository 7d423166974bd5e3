import type { Shelf } from '../shelf.ts';

export const electronics: Shelf = {
  slug: 'electronics',
  name: 'Electronics',
  code: 'ELE',
  title: '{maker} {good}, {variant}',
  makers: ['Veltron', 'Auralis', 'Kite & Volt', 'Nimbus', 'Orbiq', 'Hexa', 'Solenne', 'Pixelwerk'],
  variants: [
    ['Graphite', 'In matte graphite that hides fingerprints.'],
    ['Pearl White', 'In pearl white with a soft-touch finish.'],
    ['Midnight Blue', 'In deep blue with anodised edges.'],
    ['Sand', 'In a warm sand tone.'],
    ['Forest Green', 'In forest green, with packaging free of plastic.'],
    ['Silver', 'In brushed silver aluminium.'],
  ],
  goods: [
    ['Wireless Headphones', 7900, 24900, 'Over-ear headphones with active noise cancelling and 40 hours of playback.'],
    ['True Wireless Earbuds', 4900, 17900, 'Earbuds with a charging case, sweat-proof and comfortable for long calls.'],
    ['Bluetooth Speaker', 3900, 14900, 'A portable speaker with full sound in every direction and a 20-hour battery.'],
    ['27-inch 4K Monitor', 27900, 54900, 'A factory-calibrated panel with USB-C charging for your laptop.'],
    ['Mechanical Keyboard', 6900, 18900, 'Hot-swappable switches, quiet dampening and a compact layout.'],
    ['Ergonomic Mouse', 2900, 8900, 'A vertical shape that keeps the wrist straight, with six buttons.'],
    ['Smartwatch', 12900, 34900, 'Heart rate, sleep and route tracking with a display that is always on.'],
    ['E-Reader', 9900, 24900, 'A glare-free 7-inch page with warm light and weeks of battery.'],
    ['Portable SSD 1 TB', 8900, 15900, 'Fast storage in a rugged case that survives a fall of two metres.'],
    ['Power Bank 20,000 mAh', 2900, 6900, 'Charges a laptop and a phone at the same time.'],
    ['USB-C Docking Station', 7900, 19900, 'Eleven ports, two displays and one cable to the desk.'],
    ['Action Camera', 15900, 39900, 'Stabilised 5K video, waterproof to ten metres without a case.'],
    ['Webcam', 4900, 12900, 'Sharp video in poor light, with a privacy shutter.'],
    ['Smart Thermostat', 8900, 19900, 'Learns your week and lowers the heating when nobody is home.'],
    ['Wi-Fi 7 Router', 12900, 32900, 'Fast and steady coverage for a whole house, set up in five minutes.'],
  ],
  promises: [
    'Two years of warranty.',
    'Firmware updates for at least five years.',
    'Spare parts and repair guides are available.',
  ],
};
